package floof.control.port;

import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.linux.netlink.LinkAddress;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * IPv6 addresses whose duplicate detection (RFC 4862) has not ended well: Linux does not use them.
 * Thread: one at a time.
 */
final class Duplicates {

    private final Links links;
    private Set<String> raised = Set.of();

    Duplicates(Links links) {
        this.links = links;
    }

    /**
     * Raises an alarm for each that another host has. It stays while Linux tests the address again.
     */
    void tell(Alarms alarms) {
        List<LinkAddress> unsure =
                withFlag(LinkAddress.IFA_F_DADFAILED | LinkAddress.IFA_F_TENTATIVE);
        Map<Integer, String> names = new HashMap<>();
        if (!unsure.isEmpty()) {
            links.dataplane().links().forEach(link -> names.put(link.index(), link.name()));
        }
        Set<String> now = new TreeSet<>();
        for (LinkAddress there : unsure) {
            String link = names.getOrDefault(there.ifindex(), "if" + there.ifindex());
            String id = "address/" + link + "/" + there.address();
            boolean isFailed = (there.flags() & LinkAddress.IFA_F_DADFAILED) != 0;
            if (isFailed || raised.contains(id)) {
                now.add(id);
                alarms.raise(
                        id,
                        Severity.MAJOR,
                        "interfaces "
                                + link
                                + " address "
                                + there.address()
                                + ": another host on the link has it; Linux does not use ours",
                        "give the other host another address; a configured one is retried every"
                                + " minute",
                        List.of("interfaces", link));
            }
        }
        raised.stream().filter(id -> !now.contains(id)).forEach(alarms::clear);
        raised = now;
    }

    /** Has Linux look again whether another host has those that commits set. */
    void lookAgain() throws IOException {
        for (LinkAddress there : withFlag(LinkAddress.IFA_F_DADFAILED)) {
            if (there.protocol() == Links.ADDRESS_PROTOCOL) {
                links.removeAddress(there.ifindex(), there.address());
                links.addAddress(there.ifindex(), there.address(), List.of());
            }
        }
    }

    private List<LinkAddress> withFlag(int flags) {
        return links.dataplane().addresses().stream()
                .filter(it -> (it.flags() & flags) != 0)
                .toList();
    }
}
