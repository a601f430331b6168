package floof.engine;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The counters of every port. */
public enum PortCounter {
    /** Packets handed to the graph. */
    RX_PACKETS,
    /** Bytes of those. */
    RX_BYTES,
    /** Packets that the device accepted. */
    TX_PACKETS,
    /** Bytes of those. */
    TX_BYTES,
    /** Lost in the device: its ring was full. */
    RX_MISSED,
    /** Not received: no buffer was free. */
    RX_NO_BUFFER,
    /** Not received: longer than the longest chain, or shorter than an Ethernet header. */
    RX_BAD_LENGTH,
    /** Not sent: the device accepted no more. */
    TX_FULL,
    /** Not sent: the device refused the packet. */
    TX_ERRORS,
    /** Received with only the pseudo-header's sum as checksum, and repaired. */
    RX_REPAIRED,
    /** Sent after their checksum was completed, as the device cannot do that. */
    TX_FINISHED,
    /** Frames that were segmented, as the device cannot do that; TX_PACKETS counts the packets. */
    TX_CUT,
    /** Not sent: the frame needs an offload that is not supported. */
    TX_UNFIT;

    /** Those that count packets lost at the port. */
    public static final Set<PortCounter> DROPS =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            RX_MISSED, RX_NO_BUFFER, RX_BAD_LENGTH, TX_FULL, TX_ERRORS, TX_UNFIT));
}
