package floof.ports;

import floof.linux.net.MessageSocket;

/**
 * A connected memif.
 *
 * @param socket ends when the other side ends
 * @param memory shared by both sides
 * @param receiving the ring from the other side
 * @param sending the ring to the other side
 * @param isClient whether we are the client
 * @param peer the other side's name for itself
 */
record MemifConnection(
        MessageSocket socket,
        MemifMemory memory,
        MemifRing receiving,
        MemifRing sending,
        boolean isClient,
        String peer)
        implements AutoCloseable {

    /** Thread: any, after the worker has released the rings. */
    @Override
    public void close() {
        socket.close();
        receiving.interrupt().close();
        sending.interrupt().close();
        memory.close();
    }
}
