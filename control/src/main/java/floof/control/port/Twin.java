package floof.control.port;

import floof.linux.error.LinuxException;
import floof.linux.net.Tap;
import floof.linux.netlink.Link;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.PidFd;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * A port's TAP device in the dataplane namespace.
 *
 * @param tap its open file
 * @param ifindex its number there, as long as it lives
 */
record Twin(Tap tap, int ifindex) implements AutoCloseable {

    /**
     * Makes the device, or attaches to the one that is left there.
     *
     * @param inside does its work in the namespace of {@code dataplane}
     */
    static Twin open(String port, Rtnetlink dataplane, Executor inside) throws IOException {
        try {
            return of(
                    CompletableFuture.supplyAsync(() -> Tap.open(port), inside).join(), dataplane);
        } catch (CompletionException e) {
            throw e.getCause() instanceof LinuxException why ? why : e;
        }
    }

    /**
     * One that another process holds open.
     *
     * @param number of its open file
     */
    static Twin fetch(String port, Rtnetlink dataplane, PidFd holder, int number)
            throws IOException {
        try {
            return of(Tap.adopt(holder.fetch(number, "twin " + port), port), dataplane);
        } catch (IllegalArgumentException e) {
            throw new IOException("the fast path's file " + number + ": " + e.getMessage(), e);
        }
    }

    private static Twin of(Tap tap, Rtnetlink dataplane) throws IOException {
        try {
            Link link = dataplane.link(tap.name());
            if (link == null) {
                throw new IOException("there is no link " + tap.name());
            }
            return new Twin(tap, link.index());
        } catch (IOException | LinuxException e) {
            tap.close();
            throw e;
        }
    }

    @Override
    public void close() {
        tap.close();
    }
}
