package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.MacAddress;
import floof.linux.netlink.FilterEntry;
import floof.linux.netlink.Link;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiltersTest {

    private static final Link PLAIN =
            new Link(3, "twin", "tun", Link.ARPHRD_ETHER, null, 1500, 0, 6, 0, 0, -1, 0);

    private final Filters filters = new Filters();

    @Test
    void aPromiscuousLinkIsReadAgainUntilItIsNot() {
        FilterEntry entry = new FilterEntry(3, MacAddress.parse("02:00:00:00:00:33"));
        filters.link(PLAIN.with(1), true);
        assertThat(filters.dumped(List.of(entry))).hasSize(1);
        assertThat(filters.dumped(List.of())).as("its promiscuity was read too early").hasSize(1);
        filters.link(PLAIN, true);
        assertThat(filters.dumped(List.of())).isEmpty();
        assertThat(filters.dumped(List.of(entry))).as("another filter").hasSize(1);
        assertThat(filters.dumped(List.of(entry))).isEmpty();
    }
}
