package floof.sync;

import floof.base.MacAddress;
import floof.linux.netlink.FilterEntry;
import floof.linux.netlink.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The MACs that each device of a namespace receives besides its own. Linux reports few of their
 * changes, so all are read again whenever something on top of a device changes. Guarded by the
 * outbox.
 */
final class Filters {

    /** The existing links as Linux last reported them. */
    private final Map<Integer, Link> links = new HashMap<>();

    /** MACs in ascending order; no entry for a device without any. */
    private Map<Integer, List<MacAddress>> macs = new HashMap<>();

    /**
     * Called when a link was added, changed or removed.
     *
     * @return whether filters may have changed
     */
    boolean link(Link link, boolean present) {
        Link was = present ? links.put(link.index(), link) : links.remove(link.index());
        return link.parent() != 0
                || link.master() != (was == null ? 0 : was.master())
                || link.promiscuity() != (was == null ? 0 : was.promiscuity());
    }

    /** Forgets links that no longer exist. */
    void keep(List<Link> present) {
        links.keySet().retainAll(present.stream().map(Link::index).collect(Collectors.toSet()));
    }

    @Nullable Link link(int ifindex) {
        return links.get(ifindex);
    }

    List<MacAddress> of(Link link) {
        return macs.getOrDefault(link.index(), List.of());
    }

    /**
     * Replaces all filters by a dump; returns the links whose promiscuity must be read again: those
     * whose filter changed, and those that are promiscuous, as Linux may lower it only a moment
     * after the filter is empty.
     */
    List<Link> dumped(List<FilterEntry> entries) {
        Map<Integer, List<MacAddress>> before = macs;
        macs = new HashMap<>();
        for (FilterEntry entry : entries) {
            macs.computeIfAbsent(entry.ifindex(), key -> new ArrayList<>()).add(entry.mac());
        }
        macs.values().forEach(each -> each.sort(Comparator.comparingLong(MacAddress::value)));
        return links.values().stream()
                .filter(link ->
                        link.promiscuity() > 0
                                || !Objects.equals(
                                        before.get(link.index()), macs.get(link.index())))
                .toList();
    }
}
