package floof.linux.system;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.linux.Fd;
import floof.linux.Poll;
import floof.linux.error.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The master of a pseudo terminal (pty(7)). When it is closed, who has the terminal gets SIGHUP.
 * The slave is not opened here: it would become the terminal of a JVM that leads a session.
 *
 * <p>Thread: one reader, one writer; {@link #close} by any, and at most {@link #PATIENCE_MS} later
 * a waiting {@link #read} returns.
 */
public final class Pty implements AutoCloseable {

    /** How long a read waits before it looks whether it was closed. */
    private static final int PATIENCE_MS = 100;

    private static final long TIOCSWINSZ = 0x5414;
    private static final long TIOCGPTN = 0x80045430L;
    private static final long TIOCSPTLCK = 0x40045431;

    private static final int BUFFER_BYTES = 8192;

    private final Fd master;
    private final Path slave;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment in = arena.allocate(BUFFER_BYTES);
    private final MemorySegment out = arena.allocate(BUFFER_BYTES);
    private final Object reading = new Object();
    private volatile boolean closed;

    private Pty(Fd master, Path slave) {
        this.master = master;
        this.slave = slave;
    }

    public static Pty open() {
        Fd master = Fd.open("/dev/ptmx", Fd.O_RDWR | Fd.O_NONBLOCK, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_INT);
            master.ioctl(TIOCSPTLCK, "TIOCSPTLCK 0", number);
            master.ioctl(TIOCGPTN, "TIOCGPTN", number);
            return new Pty(master, Path.of("/dev/pts/" + number.get(JAVA_INT, 0)));
        } catch (RuntimeException e) {
            master.close();
            throw e;
        }
    }

    /** The terminal's file. */
    public Path slave() {
        return slave;
    }

    /** {@code struct winsize}: rows, columns, and two of no meaning. */
    public synchronized void resize(int columns, int rows) {
        if (!closed) {
            try (Arena confined = Arena.ofConfined()) {
                MemorySegment size = confined.allocate(8, 2);
                size.set(JAVA_SHORT, 0, (short) rows);
                size.set(JAVA_SHORT, 2, (short) columns);
                master.ioctl(TIOCSWINSZ, "TIOCSWINSZ", size);
            }
        }
    }

    /**
     * What was printed on the terminal.
     *
     * @return bytes read; 0 when nothing came for a moment; -1 when nobody has the terminal any
     *     more, or this was closed
     */
    public int read(byte[] to) {
        synchronized (reading) {
            if (closed) {
                return -1;
            }
            if (master.poll(Poll.IN, PATIENCE_MS) == 0) {
                return 0;
            }
            int count = master.read(in.address(), Math.min(to.length, BUFFER_BYTES));
            if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
                return 0;
            }
            if (count <= 0) {
                return -1; // EIO: the last one closed it
            }
            MemorySegment.copy(in, JAVA_BYTE, 0, to, 0, count);
            return count;
        }
    }

    /** Keys that are typed; what the terminal has no room for waits for its reader. */
    public void write(byte[] keys, int count) throws IOException {
        for (int at = 0; at < count; ) {
            int written = write(keys, at, Math.min(count - at, BUFFER_BYTES));
            if (written < 0) {
                throw new IOException("write to " + slave + ": " + Errno.text(-written));
            }
            at += written;
        }
    }

    private synchronized int write(byte[] keys, int from, int count) {
        if (closed) {
            return count;
        }
        MemorySegment.copy(keys, from, out, JAVA_BYTE, 0, count);
        int written = master.write(out.address(), count);
        if (written == -Errno.EAGAIN || written == -Errno.EINTR) {
            master.poll(Poll.OUT, PATIENCE_MS);
            return 0;
        }
        return written;
    }

    /** Hangs up. */
    @Override
    public void close() {
        closed = true;
        synchronized (reading) {
            synchronized (this) {
                master.close();
                if (arena.scope().isAlive()) {
                    arena.close();
                }
            }
        }
    }
}
