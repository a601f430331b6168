package floof.engine;

/**
 * The end of a worker for which the port has no queue: another worker receives and sends.
 *
 * <p>Thread: any.
 *
 * @param index of the port
 * @param sender the worker whose end sends
 */
public record ElsewhereEnd(int index, int sender) implements PortEnd {

    @Override
    public boolean isReceiving() {
        return false;
    }

    @Override
    public int receive(Frame frame, int max) {
        return 0;
    }

    @Override
    public int transmit(long[] packets, int count) {
        throw new IllegalStateException("port " + index + " is sent to by worker " + sender);
    }

    @Override
    public long counter(PortCounter counter) {
        return 0;
    }
}
