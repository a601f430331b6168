package floof.sync;

import floof.base.Family;
import floof.linux.netlink.Link;
import java.util.HashSet;
import java.util.Set;

/**
 * Routes and filters to be read again, because Linux changes them silently when a link or a next
 * hop changes. Guarded by the outbox.
 */
final class Rereads {

    /** Routes of a family through a link; ifindex 0 means all routes of the family. */
    record Reread(Family family, int ifindex) {}

    private final Set<Reread> wanted = new HashSet<>();

    /**
     * Links that appeared while following events and have never been up. Linux allows no route
     * through them (ENETDOWN), so none changes when they come up. Without this, a thousand new
     * interfaces would cost four thousand dumps.
     */
    private final Set<Reread> unused = new HashSet<>();

    private boolean wantsFilters;

    void add(Family family, int ifindex) {
        wanted.add(new Reread(family, ifindex));
    }

    /**
     * Called when a link was added, changed or removed.
     *
     * @param isNew it did not exist before
     * @param isChanged whether it is up or running changed
     * @return whether something must be read again
     */
    boolean link(Link link, boolean present, boolean isNew, boolean isChanged) {
        boolean isNews = false;
        for (Family family : Family.values()) {
            Reread routes = new Reread(family, link.index());
            if (!present) {
                unused.remove(routes);
                add(family, 0); // the kernel cannot list the routes of a removed device
                isNews = true;
            } else if (isNew && !link.isUp()) {
                unused.add(routes);
            } else if (isChanged && !unused.remove(routes)) {
                wanted.add(routes);
                isNews = true;
            }
        }
        return isNews;
    }

    /**
     * Called when a link gets an IPv6 address: then it has a route, the local one, even while down.
     */
    void usedByIp6(int ifindex) {
        unused.remove(new Reread(Family.IP6, ifindex));
    }

    /** Called when events may have been lost: any link may be in use. */
    void forgetUnused() {
        unused.clear();
    }

    void clear() {
        wanted.clear();
        unused.clear();
    }

    /** Requests a new read of the MACs that devices receive. */
    void addFilters() {
        wantsFilters = true;
    }

    boolean takeFilters() {
        boolean wanted = wantsFilters;
        wantsFilters = false;
        return wanted;
    }

    boolean isEmpty() {
        return !wantsFilters && wanted.isEmpty();
    }

    /** Removes and returns what must be read again. */
    Set<Reread> take() {
        Set<Reread> taken = new HashSet<>(wanted);
        taken.removeIf(
                reread -> reread.ifindex() != 0 && wanted.contains(new Reread(reread.family(), 0)));
        wanted.clear();
        return taken;
    }
}
