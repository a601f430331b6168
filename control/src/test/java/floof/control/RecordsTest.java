package floof.control;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.control.instance.Instance;
import floof.control.instance.InstanceLock;
import floof.control.port.Claim;
import floof.control.port.Claims;
import floof.fpc.Driver;
import floof.linux.system.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an instance writes down, and its names. */
class RecordsTest {

    @TempDir Path folder;

    @Test
    void aClaimSurvivesTheDisk() throws IOException {
        try (Sandbox sandbox = new Sandbox()) {
            Path file = sandbox.instance.claims();
            Files.createDirectories(file.getParent());
            Claim claim =
                    new Claim(
                            "ge-0",
                            7,
                            Driver.AF_PACKET,
                            new TreeMap<>(),
                            new Claim.Device(
                                    "eth0",
                                    MacAddress.parse("02:00:00:00:00:01"),
                                    9000,
                                    true,
                                    List.of(
                                            new Claim.Address(
                                                    InterfaceAddress.parse("192.0.2.1/24"),
                                                    null,
                                                    IpAddress.parse("192.0.2.255"),
                                                    0,
                                                    0x80,
                                                    0),
                                            new Claim.Address(
                                                    InterfaceAddress.parse("10.0.0.1/32"),
                                                    IpAddress.parse("10.0.0.2"),
                                                    null,
                                                    253,
                                                    0x80,
                                                    4)),
                                    List.of(
                                            new Claim.Way(
                                                    Prefix.parse("0.0.0.0/0"),
                                                    IpAddress.parse("192.0.2.254"),
                                                    100,
                                                    null,
                                                    0,
                                                    16,
                                                    4),
                                            new Claim.Way(
                                                    Prefix.parse("2001:db8::/32"),
                                                    null,
                                                    4_294_967_295L,
                                                    IpAddress.parse("2001:db8::1"),
                                                    253,
                                                    4,
                                                    0))));
            Claim tap = new Claim("lan", 8, Driver.TAP, new TreeMap<>(Map.of("a", "b")), null);
            Claims claims = new Claims(file, List.of());
            claims.put(new Claim("lan", 3, Driver.TAP, new TreeMap<>(), null));
            claims.put(claim);
            claims.put(tap);
            assertThat(new Claims(file, List.of()).all().values()).containsExactly(claim, tap);
            claims.remove("ge-0");
            claims.remove("unknown");
            assertThat(new Claims(file, List.of()).all().values()).containsExactly(tap);
        }
    }

    @Test
    void aClaimThatWasBeingWrittenIsNone() throws IOException {
        Path file = folder.resolve("claims.jsonl");
        Claim tap = new Claim("lan", 8, Driver.TAP, new TreeMap<>(), null);
        new Claims(file, List.of()).put(tap);
        Files.writeString(file, Files.readString(file) + tap.json().substring(0, 9));
        assertThat(new Claims(file, List.of()).all().values()).containsExactly(tap);
        new Claims(file, List.of()).put(new Claim("wan", 9, Driver.TAP, new TreeMap<>(), null));
        assertThat(new Claims(file, List.of()).all().keySet()).containsExactly("lan", "wan");
    }

    @Test
    void damageTakesNoMoreThanItsLineAndWhatDevicesCarryFillsIt() throws IOException {
        Path file = folder.resolve("claims.jsonl");
        Claim tap = new Claim("lan", 8, Driver.TAP, new TreeMap<>(), null);
        Claim lost = new Claim("ge-0", 1, Driver.TAP, new TreeMap<>(), null);
        Claim other = new Claim("lan", 3, Driver.TAP, new TreeMap<>(), null);
        byte[] line = (tap.json() + "\n").getBytes(UTF_8);
        byte[] damaged = Arrays.copyOf("\u0000\ufffd{\n".getBytes(UTF_16), 9 + line.length);
        damaged[8] = '\n';
        System.arraycopy(line, 0, damaged, 9, line.length);
        Files.write(file, damaged);
        assertThat(new Claims(file, List.of(lost, other)).all().values())
                .containsExactly(lost, tap);
        assertThat(new Claims(file, List.of()).all().values()).containsExactly(lost, tap);
        assertThat(folder.resolve("claims.jsonl.damaged")).hasBinaryContent(damaged);
    }

    private static Claim claim(String port, String setting) {
        TreeMap<String, String> settings = new TreeMap<>(Map.of("a", setting));
        return new Claim(port, 8, Driver.TAP, settings, null);
    }

    @Test
    void aFullFileSystemKeepsNothingFromBeingForgotten() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        Path small = Files.createDirectory(folder.resolve("small"));
        Mount.hugeTmpfs(small, 4096); // one page
        try {
            Path file = small.resolve("claims.jsonl");
            Claims claims = new Claims(file, List.of());
            String filler = "x".repeat(2047 - claim("lan", "").json().length());
            for (String port : List.of("lan", "wan")) {
                claims.put(claim(port, filler)); // half of the page each
            }
            assertThatThrownBy(() -> claims.put(claim("x", "")))
                    .hasMessageContaining("claims.jsonl: No space left on device")
                    .hasMessageContaining("(file system " + small + " (tmpfs), 0 KiB left)");
            for (String port : List.of("lan", "wan")) {
                claims.remove(port);
            }
            assertThat(new Claims(file, List.of()).all()).isEmpty();
        } finally {
            Mount.unmount(small);
        }
    }

    @Test
    void whatWasForgottenDoesNotFillTheFile() throws IOException {
        Path file = folder.resolve("claims.jsonl");
        Claims claims = new Claims(file, List.of());
        for (int i = 0; i < 2_000; i++) {
            claims.put(new Claim("lan", i, Driver.TAP, new TreeMap<>(), null));
            claims.remove("lan");
        }
        assertThat(Files.readAllLines(file)).hasSizeLessThan(1_010);
        assertThat(new Claims(file, List.of()).all()).isEmpty();
    }

    @Test
    void aLockNamesItsHolder() throws IOException {
        Path file = folder.resolve("lock");
        try (InstanceLock lock = InstanceLock.take(file, "it")) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> InstanceLock.take(file, "it"))
                    .hasMessageContaining("it runs already")
                    .hasMessageContaining("" + ProcessHandle.current().pid());
        }
        try (InstanceLock lock = InstanceLock.take(file, "it")) {
            assertThat(lock).isNotNull();
            Files.delete(file);
            // Who removed it while holding it made room for another.
            InstanceLock.take(file, "it").close();
        }
    }

    /** As POSIX locks would be: closing any descriptor of the file gives them up. */
    @Test
    void aLockIsNotLostByReadingTheFile() throws IOException {
        Path file = folder.resolve("lock");
        try (InstanceLock lock = InstanceLock.take(file, "it")) {
            assertThat(lock).isNotNull();
            assertThat(Files.readString(file)).isNotEmpty();
            assertThatThrownBy(() -> InstanceLock.take(file, "it")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void namesOfInstancesAreShort() {
        for (String bad : List.of("", "Router", "a.b", "ninechars", "a/b")) {
            assertThatThrownBy(() -> new Instance(bad))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Instance longest = new Instance("12345678");
        assertThat(longest.dataplaneName()).hasSizeLessThanOrEqualTo(15);
        assertThat(longest.fastPathSocket().toString().length()).isLessThan(108);
        assertThat(new Claim("p", 4095, Driver.TAP, new TreeMap<>(), null).hiddenName(longest))
                .hasSizeLessThanOrEqualTo(15);
        assertThat(Instance.DEFAULT.dataplaneName()).isEqualTo("dataplane");
    }
}
