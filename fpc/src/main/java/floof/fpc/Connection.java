package floof.fpc;

/** One client at a server, as its handler sees it. Thread: the server's. */
public final class Connection {
    final MessageStream wire;
    private final int id;
    private int resync;

    Connection(int id, MessageStream wire) {
        this.id = id;
        this.wire = wire;
    }

    /** Unique over the server's life. */
    public int id() {
        return id;
    }

    /** The resync in the header of the request being handled: that of the client's last MARK. */
    public int resync() {
        return resync;
    }

    void resync(int value) {
        resync = value;
    }

    @Override
    public String toString() {
        return "client " + id;
    }
}
