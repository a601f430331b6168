package floof.ports;

import floof.engine.Port;

/** A port that brings packets of its own, once its interface is up, so that none is lost. */
public interface PacketSource extends Port {

    /** Whether it waits for {@link #start}. Thread: any. */
    boolean isWaiting();

    /** The worker that receives what it brings. */
    int worker();

    /** Begins. Thread: that worker. */
    void start();
}
