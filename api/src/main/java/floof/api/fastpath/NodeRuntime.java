package floof.api.fastpath;

/**
 * Work of one graph node on one worker.
 *
 * @param calls frames it was given
 * @param clocksPerPacket 0 when it saw no packet
 */
public record NodeRuntime(
        int worker,
        String name,
        long calls,
        long packets,
        double packetsPerCall,
        double clocksPerPacket) {}
