package floof.ports;

import floof.engine.Port;

/**
 * A port that creates packets itself, and starts when its interface is up, so that none is lost.
 */
public interface PacketSource extends Port {

    /** Whether it waits for {@link #start}. Thread: any. */
    boolean isWaiting();

    /** The worker that receives its packets. */
    int worker();

    /** Starts. Thread: that worker. */
    void start();
}
