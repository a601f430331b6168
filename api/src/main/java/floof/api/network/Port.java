package floof.api.network;

import org.jspecify.annotations.Nullable;

/**
 * A port of the fast path.
 *
 * @param state {@code up}, {@code down}, {@code failed: ...}
 * @param counters null while the fast path does not have it
 */
public record Port(
        int index,
        String name,
        String driver,
        @Nullable String device,
        String state,
        @Nullable Counters counters) {

    /**
     * What the port's driver counts, in packets where it does not say bytes.
     *
     * @param missed not received: the device's ring was full
     * @param noBuffer not received for want of a buffer
     * @param badLength not received: too short or too long
     * @param repaired received with a checksum left to the device, and finished
     * @param full not sent: the device took no more
     * @param refused not sent: the device refused the packet
     * @param unfit not sent: a frame with offload that cannot be done here
     * @param finished sent after the checksum was finished
     * @param cut frames that were cut into packets to be sent
     */
    public record Counters(
            long received,
            long receivedBytes,
            long missed,
            long noBuffer,
            long badLength,
            long repaired,
            long sent,
            long sentBytes,
            long full,
            long refused,
            long unfit,
            long finished,
            long cut) {

        /** Packets that the device had for us and that did not come in. */
        public long lost() {
            return missed + noBuffer + badLength;
        }

        /** Packets for the device that did not go out. */
        public long unsent() {
            return full + refused + unfit;
        }
    }
}
