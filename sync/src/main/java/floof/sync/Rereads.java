package floof.sync;

import floof.base.Family;
import floof.linux.netlink.Link;
import java.util.HashSet;
import java.util.Set;

/**
 * Routes and filters to be read again, because Linux changes them without a word when a link or a
 * next hop changes. Guarded by the outbox.
 */
final class Rereads {

    /** Routes of a family through a link; ifindex 0 is all of the family. */
    record Reread(Family family, int ifindex) {}

    private final Set<Reread> wanted = new HashSet<>();

    /**
     * Links that came while events were followed and have never been up: Linux lets no route go
     * through them (ENETDOWN), so that none changes when they come up. A thousand new interfaces
     * would be four thousand dumps.
     */
    private final Set<Reread> unused = new HashSet<>();

    private boolean wantsFilters;

    void add(Family family, int ifindex) {
        wanted.add(new Reread(family, ifindex));
    }

    /**
     * A link came, changed or went.
     *
     * @param isNew it was not there
     * @param isChanged its being up or running did
     * @return whether something is to be read again
     */
    boolean link(Link link, boolean present, boolean isNew, boolean isChanged) {
        boolean isNews = false;
        for (Family family : Family.values()) {
            Reread routes = new Reread(family, link.index());
            if (!present) {
                unused.remove(routes);
                add(family, 0); // the kernel cannot tell the routes of a device that is gone
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

    /** A link has an IPv6 address: even down it has a route then, the local one. */
    void usedByIp6(int ifindex) {
        unused.remove(new Reread(Family.IP6, ifindex));
    }

    /** Events may have been lost: no link is known to be unused. */
    void forgetUnused() {
        unused.clear();
    }

    void clear() {
        wanted.clear();
        unused.clear();
    }

    /** Which MACs devices receive. */
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

    /** What is to be read again, forgotten here. */
    Set<Reread> take() {
        Set<Reread> taken = new HashSet<>(wanted);
        taken.removeIf(
                reread -> reread.ifindex() != 0 && wanted.contains(new Reread(reread.family(), 0)));
        wanted.clear();
        return taken;
    }
}
