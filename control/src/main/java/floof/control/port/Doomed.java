package floof.control.port;

import floof.linux.netlink.Link;
import floof.linux.netlink.Rtnetlink;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Twins that are to go, which then go all at once: Linux takes as long for many as for one (each
 * waits for every processor to have seen it). Thread: one at a time.
 */
final class Doomed {

    /** A device that is being unregistered goes in a moment, once its last user let go. */
    private static final long GONE_MS = 2_000;

    private final Rtnetlink dataplane;

    /**
     * Group of the links: by chance, so that what a floofd that was killed left in its own is not
     * in ours.
     */
    private final int group = 1 + new SecureRandom().nextInt(Integer.MAX_VALUE - 1);

    private final List<Claim> claims = new ArrayList<>();

    Doomed(Rtnetlink dataplane) {
        this.dataplane = dataplane;
    }

    /** The port's link will go, if it is there. */
    void add(Claim claim) {
        Link link = dataplane.link(claim.port());
        if (link != null) {
            dataplane.setGroup(link.index(), group);
        }
        claims.add(claim);
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    /** Deletes them; whose they were. */
    List<Claim> delete() throws IOException {
        dataplane.deleteGroup(group);
        for (Claim claim : claims) {
            awaitGone(claim.port());
        }
        List<Claim> gone = List.copyOf(claims);
        claims.clear();
        return gone;
    }

    private void awaitGone(String port) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GONE_MS);
        while (dataplane.link(port) != null) {
            if (System.nanoTime() > deadlineNs) {
                throw new IOException("link " + port + " does not go away");
            }
            Thread.onSpinWait();
        }
    }
}
