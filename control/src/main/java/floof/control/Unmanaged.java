package floof.control;

import floof.control.instance.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells the network managers of the host to keep off a claimed device, by files under /run that
 * they read (NetworkManager.conf(5) unmanaged-devices, systemd.network(5) Unmanaged=), where they
 * are installed.
 */
final class Unmanaged {

    private static final Path NETWORK_MANAGER = Path.of("/run/NetworkManager");
    private static final Path SYSTEMD = Path.of("/run/systemd");

    private Unmanaged() {}

    static void add(Instance instance, Claim claim) throws IOException {
        Claim.Device device = claim.device();
        if (device == null) {
            return;
        }
        String name = claim.hiddenName(instance);
        if (Files.isDirectory(NETWORK_MANAGER)) {
            write(
                    networkManager(name),
                    "[keyfile]\nunmanaged-devices+=interface-name:%s;interface-name:%s;mac:%s\n"
                            .formatted(device.name(), name, device.mac()));
        }
        if (Files.isDirectory(SYSTEMD)) {
            write(
                    systemd(name),
                    "[Match]\nName=%s %s\n\n[Link]\nUnmanaged=yes\n"
                            .formatted(device.name(), name));
        }
    }

    static void remove(Instance instance, Claim claim) throws IOException {
        String name = claim.hiddenName(instance);
        Files.deleteIfExists(networkManager(name));
        Files.deleteIfExists(systemd(name));
    }

    private static Path networkManager(String name) {
        return NETWORK_MANAGER.resolve("conf.d/floof-" + name + ".conf");
    }

    private static Path systemd(String name) {
        return SYSTEMD.resolve("network/00-floof-" + name + ".network");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}
