package floof.fpc;

/** One client at a server, as its handler sees it. Thread: the server's. */
public final class Connection {
    final MessageStream wire;
    private final int id;
    private int epoch;

    Connection(int id, MessageStream wire) {
        this.id = id;
        this.wire = wire;
    }

    /** Unique over the server's life. */
    public int id() {
        return id;
    }

    /** The epoch in the header of the request being handled: that of the client's last MARK. */
    public int epoch() {
        return epoch;
    }

    void epoch(int value) {
        epoch = value;
    }

    @Override
    public String toString() {
        return "client " + id;
    }
}
