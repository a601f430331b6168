package floof.engine;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What every port counts. */
public enum PortCounter {
    /** Packets handed to the graph. */
    RX_PACKETS,
    /** Bytes of those. */
    RX_BYTES,
    /** Packets the device took. */
    TX_PACKETS,
    /** Bytes of those. */
    TX_BYTES,
    /** Lost before us: the device's ring was full. */
    RX_MISSED,
    /** Not received for want of a buffer. */
    RX_NO_BUFFER,
    /** Not received: longer than the longest chain, or shorter than an Ethernet header. */
    RX_BAD_LENGTH,
    /** Not sent: the device took no more. */
    TX_FULL,
    /** Not sent: the device refused the packet. */
    TX_ERRORS,
    /** Received with the pseudo-header's sum for a checksum, and repaired. */
    RX_REPAIRED,
    /** Sent after their checksum was finished, as the device cannot. */
    TX_FINISHED,
    /** Frames that were cut into packets, as the device cannot; TX_PACKETS counts the packets. */
    TX_CUT,
    /** Not sent: a frame with offload that cannot be done here. */
    TX_UNFIT;

    /** Those that count packets lost at the port. */
    public static final Set<PortCounter> DROPS =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            RX_MISSED, RX_NO_BUFFER, RX_BAD_LENGTH, TX_FULL, TX_ERRORS, TX_UNFIT));
}
