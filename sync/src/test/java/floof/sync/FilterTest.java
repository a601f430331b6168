package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.MacAddress;
import floof.fpc.Message;
import floof.testkit.Netns;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which MACs Linux receives on a port's twin, whoever on top of it wants them. */
class FilterTest extends MirrorScene {

    private static final String MACVLAN = "02:00:00:00:00:33";
    private static final String VIRTUAL = "00:00:5e:00:01:33"; // VRRP 51, RFC 5798 7.3

    private RecordingManager manager;

    @BeforeEach
    void build() throws Exception {
        network.ip("tuntap add dev twin mode tap");
        network.ip("link set twin up");
        manager = manager();
        mirror(settings());
        assertThat(received()).isEmpty();
    }

    /** {@code any}, or the other MACs that Linux receives on the twin. */
    private String received() {
        Message.Link twin =
                manager.all(Message.Link.class).stream()
                        .filter(link -> link.name().equals("twin"))
                        .findFirst()
                        .orElseThrow();
        List<MacAddress> macs = twin.otherMacs();
        return twin.anyMac()
                ? "any"
                : String.join(" ", macs.stream().map(MacAddress::toString).toList());
    }

    private void becomes(String expected) {
        try {
            eventually(() -> received().equals(expected));
        } catch (AssertionError e) {
            assertThat(received()).isEqualTo(expected);
        }
    }

    @Test
    void aMacvlansWhileItIsUp() {
        network.ip("link add vlan0 link twin address " + MACVLAN + " type macvlan mode private");
        network.ip("link set vlan0 up");
        becomes(MACVLAN);
        network.ip("link set vlan0 address 02:00:00:00:00:44");
        becomes("02:00:00:00:00:44");
        network.ip("link set vlan0 down");
        becomes("");
        network.ip("link set vlan0 up");
        becomes("02:00:00:00:00:44");
        network.ip("link delete vlan0");
        becomes("");
    }

    @Test
    void aMacvlansInAnotherNamespace() {
        try (Netns other = Netns.withPair().addressed()) {
            network.ip("link add vlan0 link twin address " + MACVLAN + " type macvlan");
            network.ip("link set vlan0 netns " + MirrorScene.mirrored(other, 1).name());
            other.ip("link set vlan0 up");
            becomes(MACVLAN);
        }
        becomes("");
    }

    @Test
    void whatIsAddedToTheFilterByHand() {
        network.run("bridge fdb add " + VIRTUAL + " dev twin self");
        becomes(VIRTUAL);
        network.run("bridge fdb del " + VIRTUAL + " dev twin self");
        becomes("");
    }

    @Test
    void moreThanFitIsAny() {
        List<String> macs =
                IntStream.rangeClosed(0, Message.MAX_OTHER_MACS)
                        .mapToObj(number -> "02:00:00:00:01:0" + number)
                        .toList();
        macs.subList(1, macs.size())
                .forEach(mac -> network.run("bridge fdb add " + mac + " dev twin self"));
        becomes(String.join(" ", macs.subList(1, macs.size())));
        network.run("bridge fdb add " + macs.getFirst() + " dev twin self");
        becomes("any");
        network.run("bridge fdb del " + macs.getFirst() + " dev twin self");
        becomes(String.join(" ", macs.subList(1, macs.size())));
    }

    @Test
    void anyOfABridge() {
        network.ip("link add br0 address " + MACVLAN + " type bridge");
        network.ip("link set twin master br0");
        becomes("any");
        network.ip("link set twin nomaster");
        becomes("");
    }

    @Test
    void anyOfACapture() {
        network.ip("link set twin promisc on");
        becomes("any");
        network.run("bridge fdb add " + VIRTUAL + " dev twin self");
        becomes("any");
        network.ip("link set twin promisc off");
        becomes(VIRTUAL);
    }
}
