package floof.ports;

import floof.linux.MessageSocket;

/**
 * A connected memif.
 *
 * @param socket ends when the other side does
 * @param memory that both use
 * @param receiving ring from the other side
 * @param sending ring to it
 * @param isClient which side is ours
 * @param peer what the other side calls itself
 */
record MemifConnection(
        MessageSocket socket,
        MemifMemory memory,
        MemifRing receiving,
        MemifRing sending,
        boolean isClient,
        String peer)
        implements AutoCloseable {

    /** Thread: any, after the worker has let go of the rings. */
    @Override
    public void close() {
        socket.close();
        receiving.interrupt().close();
        sending.interrupt().close();
        memory.close();
    }
}
