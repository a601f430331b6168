package floof.ports;

import java.nio.file.Path;

/** A pcap file that cannot be used: which, where in it, what was found and what expected. */
public final class PcapException extends RuntimeException {

    PcapException(Path file, String problem) {
        super(file + ": " + problem);
    }
}
