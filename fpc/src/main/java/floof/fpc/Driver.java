package floof.fpc;

import java.util.Locale;

/**
 * How frames reach a port. The ordinal is the number on the wire, so new ones go to the end; the
 * name is the configuration's word, see {@link #label}.
 */
public enum Driver {
    /** A kernel device, taken over by a packet socket. */
    AF_PACKET,
    /** No device: the twin alone. */
    TAP,
    /** A card or a virtual device of DPDK; some of those stand on a claimed kernel device. */
    DPDK,
    /** A kernel device, taken over by AF_XDP sockets. */
    AF_XDP,
    /** No device: packets made up. */
    GENERATOR,
    /** No device: frames from and to files. */
    PCAP,
    /** No device: shared memory with another process. */
    MEMIF;

    /** Word of the configuration: {@code af-packet}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * @throws IllegalArgumentException when no driver has that label
     */
    public static Driver of(String label) {
        for (Driver driver : values()) {
            if (driver.label().equals(label)) {
                return driver;
            }
        }
        throw new IllegalArgumentException("'" + label + "' is not a driver");
    }
}
