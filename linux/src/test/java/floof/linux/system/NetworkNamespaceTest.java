package floof.linux.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.linux.net.PacketSocket;
import floof.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {

    private static String current() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    }

    private static Path absent() {
        return Path.of("/run/netns", "floof-absent-" + ProcessHandle.current().pid());
    }

    @Test
    void makesEntersAndForgetsOne() throws IOException {
        Path path = absent();
        try {
            assertThat(NetworkNamespace.exists(path)).isFalse();
            NetworkNamespace.create(path);
            assertThat(NetworkNamespace.exists(path)).isTrue();
            String outside = current();
            String inside = NetworkNamespace.call(path, NetworkNamespaceTest::current);
            assertThat(inside).startsWith("net:[").isNotEqualTo(outside);
            assertThat(NetworkNamespace.call(path, NetworkNamespaceTest::current))
                    .isEqualTo(inside);
            assertThat(current()).isEqualTo(outside);
            NetworkNamespace.delete(path);
            NetworkNamespace.delete(path);
            assertThat(path).doesNotExist();
        } finally {
            NetworkNamespace.delete(path);
        }
    }

    @Test
    void socketsStayWhereTheyWereOpened() {
        try (Netns here = new Netns();
                Netns there = new Netns()) {
            Path path = here.path();
            Netns.join(path, "here", there.path(), "there");
            try (PacketSocket packets =
                    NetworkNamespace.call(path, () -> PacketSocket.open("here", 1))) {
                assertThat(here.ip("-d link show here")).contains("promiscuity 1");
                assertThat(packets.frames()).isEqualTo(PacketSocket.FRAMES_PER_BLOCK);
            }
            assertThat(here.ip("-d link show here")).contains("promiscuity 0");
        }
    }

    @Test
    void passesOnWhatTheWorkThrows() {
        try (Netns here = new Netns()) {
            Path path = here.path();
            assertThatThrownBy(() ->
                            NetworkNamespace.call(
                                    path,
                                    () -> {
                                        throw new IOException("from inside");
                                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("from inside");
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        Path path = absent();
        try {
            assertThatThrownBy(() -> NetworkNamespace.call(path, () -> 1))
                    .hasMessage("open(" + path + ", 0x0): ENOENT (No such file or directory)");
            Files.createFile(path);
            assertThatThrownBy(() -> NetworkNamespace.call(path, () -> 1))
                    .hasMessageMatching(
                            "setns\\(fd \\d+ " + path + ", CLONE_NEWNET\\): EINVAL \\(.*\\)");
            NetworkNamespace.create(path); // over what a cut-off creation left
            assertThatThrownBy(() -> NetworkNamespace.create(path))
                    .hasMessage("create namespace(" + path + "): EEXIST (File exists)");
        } finally {
            NetworkNamespace.delete(path);
        }
    }
}
