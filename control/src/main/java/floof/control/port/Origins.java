package floof.control.port;

import floof.base.Durable;
import floof.control.instance.Instance;
import floof.linux.error.LinuxException;
import floof.linux.system.Mount;
import floof.linux.system.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespaces that claimed devices came from, each mounted onto a file of its own. What the file
 * itself holds is the claim once more: covered by the mount, nobody reads, alters or removes it by
 * accident, so that a device can be given back when {@link Claims} are damaged or gone.
 */
final class Origins {

    private static final Logger LOG = LoggerFactory.getLogger(Origins.class);

    private Origins() {}

    /**
     * Keeps the namespace of this process as the origin of a device, or what is claimed of it now.
     */
    static void keep(Instance instance, Claim claim) throws IOException {
        Path origin = instance.origin(claim.port());
        if (Mount.isMountPoint(origin)) {
            try (Mount.Beneath beneath = Mount.beneath(instance.namespaces())) {
                Files.writeString(beneath.folder().resolve(origin.getFileName()), claim.json());
            }
        } else {
            Durable.replace(origin, claim.json());
            Mount.bind(Path.of("/proc/self/ns/net"), origin);
        }
    }

    /** Forgets it; nothing when there is none. */
    static void forget(Instance instance, Claim claim) {
        NetworkNamespace.delete(instance.origin(claim.port()));
    }

    /** The claims that lie beneath the mounts; one that cannot be read is told in the log. */
    static List<Claim> claims(Instance instance) throws IOException {
        List<Claim> claims = new ArrayList<>();
        if (!Files.isDirectory(instance.namespaces())) {
            return claims;
        }
        try (Mount.Beneath beneath = Mount.beneath(instance.namespaces());
                Stream<Path> files = Files.list(beneath.folder())) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("origin-")
                        && Mount.isMountPoint(instance.namespaces().resolve(name))) {
                    read(file, claims);
                }
            }
        } catch (LinuxException e) {
            LOG.warn("records beside the claims: {}", e.getMessage());
        }
        return claims;
    }

    private static void read(Path file, List<Claim> claims) throws IOException {
        try {
            String json = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            claims.add(Claim.parse(json));
        } catch (IllegalArgumentException e) {
            LOG.warn("record beneath {}: {}", file.getFileName(), e.getMessage());
        }
    }
}
