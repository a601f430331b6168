package floof.ports;

import floof.engine.Frame;
import floof.engine.Port;
import floof.engine.PortCounter;
import floof.engine.PortEnd;

/** A port of one worker, and its end. */
record Solo(Port port, PortEnd end) implements PortEnd, AutoCloseable {

    Solo(Port port) {
        this(port, port.end(0));
    }

    boolean isUp() {
        return port.isUp();
    }

    @Override
    public int index() {
        return port.index();
    }

    @Override
    public int receive(Frame frame, int max) {
        return end.receive(frame, max);
    }

    @Override
    public int transmit(long[] packets, int count) {
        return end.transmit(packets, count);
    }

    @Override
    public int descriptor() {
        return end.descriptor();
    }

    @Override
    public long counter(PortCounter counter) {
        return port.counter(counter);
    }

    @Override
    public void close() {
        port.close();
    }
}
