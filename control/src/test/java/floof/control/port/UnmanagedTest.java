package floof.control.port;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.MacAddress;
import floof.control.instance.Instance;
import floof.fpc.Driver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnmanagedTest {

    private static final Claim CLAIM =
            new Claim(
                    "ge-0",
                    3,
                    Driver.AF_PACKET,
                    new TreeMap<>(),
                    new Claim.Device(
                            "enp1s0",
                            MacAddress.parse("02:00:00:00:00:05"),
                            1500,
                            true,
                            List.of(),
                            List.of()));

    @TempDir private Path run;

    @Test
    void managersThatAreThereAreTold() throws IOException {
        Unmanaged unmanaged = new Unmanaged(run);
        unmanaged.add(new Instance("test"), CLAIM);
        assertThat(run).isEmptyDirectory();

        Files.createDirectories(run.resolve("NetworkManager"));
        Files.createDirectories(run.resolve("systemd"));
        unmanaged.add(new Instance("test"), CLAIM);
        assertThat(run.resolve("NetworkManager/conf.d/floof-test.3.conf"))
                .hasContent(
                        """
                        [keyfile]
                        unmanaged-devices+=interface-name:enp1s0;interface-name:test.3;mac:02:00:00:00:00:05
                        """);
        assertThat(run.resolve("systemd/network/00-floof-test.3.network"))
                .hasContent("[Match]\nName=enp1s0 test.3\n\n[Link]\nUnmanaged=yes\n");

        unmanaged.remove(new Instance("test"), CLAIM);
        assertThat(run.resolve("NetworkManager/conf.d")).isEmptyDirectory();
        assertThat(run.resolve("systemd/network")).isEmptyDirectory();
    }
}
