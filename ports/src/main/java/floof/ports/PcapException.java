package floof.ports;

import java.nio.file.Path;

/**
 * An unusable pcap file; the text says which file, the place, what was found and what was expected.
 */
public final class PcapException extends RuntimeException {

    PcapException(Path file, String problem) {
        super(file + ": " + problem);
    }
}
