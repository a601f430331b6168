package floof.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.fpc.Driver;
import floof.fpc.Message;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the driver of a DPDK device is told. */
class DpdkSettingsTest {

    private static Message.PortAttach request(Map<String, String> settings) {
        return new Message.PortAttach(
                3, "p", Driver.DPDK, "/ns", "eth0", 1, 2, 1500, new TreeMap<>(settings));
    }

    @Test
    void aKernelDeviceHasAsManyQueuesAsWorkersRead() {
        Map<String, String> two = Map.of("vdev", "net_af_packet", "queues", "2");
        assertThat(Dpdk.settings(request(two), 2).arguments()).isEqualTo("iface=eth0,qpairs=2");
        assertThat(Dpdk.settings(request(two), 1).arguments()).isEqualTo("iface=eth0,qpairs=1");
        Map<String, String> byHand =
                Map.of("vdev", "net_af_packet", "arguments", "qpairs=2,blocksz=8192");
        assertThatThrownBy(() -> Dpdk.settings(request(byHand), 2))
                .hasMessageContaining("expected qpairs=1");
        Map<String, String> other = Map.of("vdev", "net_tap", "queues", "4", "arguments", "x=1");
        assertThat(Dpdk.settings(request(other), 3).arguments()).isEqualTo("x=1");
        assertThat(Dpdk.settings(request(other), 3).queues()).isEqualTo(3);
    }
}
