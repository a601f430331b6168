package floof.cli.screen;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a client on their way to its shell. Holds one frame: {@link #put} waits until the one
 * before is read, so that a client can send no more than the shell takes. Thread: one each side.
 */
public final class InputPipe extends InputStream {

    private byte[] bytes = new byte[0];
    private int at;
    private boolean ended;
    private boolean gone;
    private @Nullable Runnable atGone;
    private @Nullable IOException failure;

    public synchronized void put(byte[] more) throws IOException {
        while (at < bytes.length && !ended) {
            await();
        }
        if (!ended) {
            bytes = more;
            at = 0;
            notifyAll();
        }
    }

    /** No more will come; what is there is still read. */
    public synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** The reader shall hear why no more comes. */
    public synchronized void fail(IOException reason) {
        failure = reason;
        end();
    }

    /** Throws why the input ended before its time, if it did. */
    public synchronized void check() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public synchronized int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) throws IOException {
        while (at == bytes.length && !ended) {
            await();
        }
        if (at == bytes.length) {
            return -1;
        }
        int count = Math.min(length, bytes.length - at);
        System.arraycopy(bytes, at, to, offset, count);
        at += count;
        notifyAll();
        return count;
    }

    @Override
    public synchronized int available() {
        return bytes.length - at;
    }

    /** Waits for the client to go. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Does something when the client goes while somebody waits for something else. */
    public Watch atGone(Runnable action) {
        boolean already;
        synchronized (this) {
            atGone = action;
            already = gone;
        }
        if (already) {
            action.run();
        }
        return this::forgetAction;
    }

    private synchronized void forgetAction() {
        atGone = null;
    }

    /** The client is gone. */
    public void gone() {
        Runnable action;
        synchronized (this) {
            gone = true;
            action = atGone;
            end();
        }
        if (action != null) {
            action.run();
        }
    }

    /** Ends it and forgets what was not read. */
    @Override
    public synchronized void close() {
        bytes = new byte[0];
        at = 0;
        end();
    }

    private void await() throws IOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
