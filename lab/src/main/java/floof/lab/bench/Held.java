package floof.lab.bench;

import floof.linux.Mapping;
import floof.memory.Memory;
import floof.memory.Region;

/** Memory for a while, on huge pages where they can be had. */
public final class Held implements AutoCloseable {

    final Region region;
    private final Mapping mapping;

    public Held(String what, long sizeBytes) {
        mapping = Mapping.anonymous(what, sizeBytes);
        region = new Region(what, mapping.address(), mapping.sizeBytes());
        Memory.add(region);
    }

    public Region region() {
        return region;
    }

    @Override
    public void close() {
        Memory.remove(region);
        mapping.unmap();
    }
}
