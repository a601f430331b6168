package floof.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.linux.system.Mount;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("restricted")
class SharedFileTest {

    private static final long MIB = 1 << 20;

    private Path directory = Path.of("unset");

    @BeforeEach
    void mount() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        directory = Files.createTempDirectory("floof-shm-");
        Mount.hugeTmpfs(directory, 16 * MIB);
    }

    @AfterEach
    void unmount() throws IOException {
        if (Mount.isMountPoint(directory)) {
            Mount.unmount(directory);
        }
        Files.deleteIfExists(directory);
    }

    private static MemorySegment bytes(Mapping mapping) {
        return MemorySegment.ofAddress(mapping.address()).reinterpret(mapping.sizeBytes());
    }

    @Test
    void mountsAndUnmounts() {
        assertThat(Mount.isMountPoint(directory)).isTrue();
        Mount.unmount(directory);
        assertThat(Mount.isMountPoint(directory)).isFalse();
        assertThatThrownBy(() -> Mount.unmount(directory))
                .hasMessage("umount(" + directory + "): EINVAL (Invalid argument)");
    }

    /** As where the kernel was built without them: the memory is there all the same. */
    @Test
    void aTmpfsWithoutHugePagesIsOneOfSmallPages() throws IOException {
        Mount.unmount(directory);
        assertThat(Mount.tmpfs(directory, 16 * MIB, "unknown-to-this-kernel")).isFalse();
        assertThat(Mount.isMountPoint(directory)).isTrue();
        try (SharedFile file = SharedFile.create(directory.resolve("f"), 8 * MIB)) {
            file.reserve(0, 8 * MIB);
            Mapping mapping = file.map(true);
            bytes(mapping).fill((byte) 1);
            assertThat(bytes(mapping).get(JAVA_BYTE, 8 * MIB - 1)).isEqualTo((byte) 1);
            mapping.unmap();
        }
        Files.delete(directory.resolve("f"));
    }

    @Test
    void aMountedTmpfsGrows() throws IOException {
        try (SharedFile file = SharedFile.create(directory.resolve("f"), 32 * MIB)) {
            assertThatThrownBy(() -> file.reserve(0, 32 * MIB)).hasMessageContaining("ENOSPC");
            Mount.resize(directory, 40 * MIB);
            file.reserve(0, 32 * MIB);
        }
        Files.delete(directory.resolve("f"));
    }

    @Test
    void twoMappingsShareItInHugePages() throws IOException {
        try (SharedFile file = SharedFile.create(directory.resolve("tables"), 8 * MIB);
                SharedFile again = SharedFile.open(directory.resolve("tables"))) {
            file.reserve(0, 8 * MIB);
            Mapping writer = file.map(true);
            Mapping reader = again.map(false);
            bytes(writer).set(JAVA_LONG, 4 * MIB, 42);
            assertThat(reader.sizeBytes()).isEqualTo(8 * MIB);
            assertThat(bytes(reader).get(JAVA_LONG, 4 * MIB)).isEqualTo(42);
            assertThat(hugeKiB(writer.address())).isGreaterThanOrEqualTo(2048);
            file.punchHole(4 * MIB, 2 * MIB);
            assertThat(bytes(reader).get(JAVA_LONG, 4 * MIB)).isZero();
            writer.unmap();
            reader.unmap();
        }
    }

    /** ShmemPmdMapped of the mapping at the address, in /proc/self/smaps. */
    private static long hugeKiB(long address) throws IOException {
        var found =
                Pattern.compile(
                                "^%x-.*?^ShmemPmdMapped: +(\\d+) kB".formatted(address),
                                Pattern.MULTILINE | Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("/proc/self/smaps")));
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }

    @Test
    void refusesToReserveMoreThanTheMountHas() {
        try (SharedFile file = SharedFile.create(directory.resolve("tables"), 32 * MIB)) {
            assertThat(file.sizeBytes()).isEqualTo(32 * MIB);
            assertThatThrownBy(() -> file.reserve(0, 32 * MIB))
                    .hasMessageMatching(
                            "fallocate\\(fd \\d+ .*/tables, 0x0, 0, 33554432\\): ENOSPC \\(.*\\)");
            file.reserve(0, 8 * MIB);
        }
    }

    @Test
    void locksRangesAgainstOtherOpenings() {
        Path path = directory.resolve("locks");
        try (SharedFile one = SharedFile.create(path, 0);
                SharedFile other = SharedFile.open(path)) {
            assertThat(one.lockExclusive(0, 1)).isTrue();
            assertThat(one.lockExclusive(0, 1)).isTrue(); // its own does not hinder it
            assertThat(one.isLockedByOther(0, 1)).isFalse();
            assertThat(other.isLockedByOther(0, 1)).isTrue();
            assertThat(other.lockExclusive(0, 1)).isFalse();
            assertThat(other.lockExclusive(1, 8)).isTrue();
            one.unlock(0, 1);
            assertThat(other.lockExclusive(0, 1)).isTrue();
            assertThat(one.lockExclusive(0, 1)).isFalse();
        }
    }

    @Test
    void aMappingDoesNotKeepTheLockOfAClosedFile() {
        Path path = directory.resolve("locks");
        SharedFile one = SharedFile.create(path, MIB);
        Mapping mapping = one.map(true);
        assertThat(one.lockExclusive(0, 1)).isTrue();
        one.close();
        try (SharedFile other = SharedFile.open(path)) {
            assertThat(other.lockExclusive(0, 1)).isTrue();
        }
        mapping.unmap();
    }

    @Test
    void theKernelReleasesTheLockOfTheDead() throws Exception {
        Path path = directory.resolve("locks");
        Process holder = JavaChild.of(LockHolder.class, path.toString()).start();
        try (SharedFile file = SharedFile.create(path, 0)) {
            assertThat(holder.inputReader().readLine()).isEqualTo("true");
            assertThat(file.isLockedByOther(0, 1)).isTrue();
            assertThat(file.lockExclusive(9, 1)).isFalse();
            assertThat(file.isLockedByOther(10, 1)).isFalse();
            holder.destroyForcibly().waitFor();
            assertThat(file.isLockedByOther(0, 10)).isFalse();
            assertThat(file.lockExclusive(0, 10)).isTrue();
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void anonymousMemoryIsPresentAlignedAndZero() {
        Mapping mapping = Mapping.anonymous("buffers", 3 * MIB);
        assertThat(mapping.sizeBytes()).isEqualTo(4 * MIB);
        assertThat(mapping.address() % Mapping.HUGE_PAGE).isZero();
        assertThat(bytes(mapping).get(JAVA_BYTE, 4 * MIB - 1)).isZero();
        bytes(mapping).fill((byte) 7);
        mapping.unmap();
        assertThatThrownBy(() -> Mapping.anonymous("buffers", 1L << 46))
                .hasMessageMatching("mmap\\(buffers, \\d+\\): ENOMEM \\(.*\\)");
    }
}
