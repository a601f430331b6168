package floof.lab.bench;

import floof.linux.system.CurrentThread;
import floof.linux.system.NetworkNamespace;
import java.nio.file.Path;
import java.util.BitSet;

/** Threads that send in a namespace, on a core of their own and before all others. */
final class Sending {

    private Sending() {}

    static Thread start(String name, Path namespace, int core, Runnable send) {
        BitSet cores = new BitSet();
        cores.set(core);
        return Thread.ofPlatform()
                .name(name)
                .start(() ->
                        NetworkNamespace.call(
                                namespace,
                                () -> {
                                    CurrentThread.runOn(cores);
                                    CurrentThread.nice(-20);
                                    send.run();
                                    return true;
                                }));
    }
}
