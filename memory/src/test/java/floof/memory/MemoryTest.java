package floof.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryTest {

    private final Region region = Memory.allocate("test", 64, 64);

    @Test
    void testsRunChecked() {
        assertThat(Memory.CHECKED).isTrue();
    }

    @Test
    void networkOrderIsMostSignificantFirst() {
        long at = region.address() + 3;
        Memory.putIntBe(at, 0x01020304);
        assertThat(Memory.getByte(at)).isEqualTo((byte) 1);
        assertThat(Memory.getByte(at + 3)).isEqualTo((byte) 4);
        assertThat(Memory.getIntBe(at)).isEqualTo(0x01020304);
        Memory.putLongBe(at, 0x0102030405060708L);
        assertThat(Memory.getShortBe(at)).isEqualTo((short) 0x0102);
        assertThat(Memory.getLong(at)).isEqualTo(0x0807060504030201L);
    }

    @Test
    void everyAccessOutsideARegionIsRefusedByName() {
        assertThat(region.address() % 64).isZero();
        long last = region.end() - 4;
        Memory.putInt(last, 7);
        assertThatThrownBy(() -> Memory.getInt(last + 1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("name=test");
        assertThatThrownBy(() -> Memory.putByte(region.address() - 1, (byte) 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Memory.copy(region.address(), region.address() + 32, 33))
                .isInstanceOf(IndexOutOfBoundsException.class);
        Memory.remove(region);
        assertThatThrownBy(() -> Memory.getByte(region.address()))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void copiesBetweenHeapAndRaw() {
        byte[] bytes = "nothing is lost".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Memory.copy(bytes, 0, region.address() + 1, bytes.length);
        byte[] back = new byte[bytes.length];
        Memory.copy(region.address() + 1, back, 0, back.length);
        assertThat(back).isEqualTo(bytes);
    }

    /** The raw twin is what production runs: the same program must give the same results there. */
    @Test
    void rawTwinAgrees() throws Exception {
        String classes =
                new File(Memory.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .getPath();
        String tests =
                new File(Probe.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .getPath();
        Process process =
                new ProcessBuilder(
                                List.of(
                                        System.getProperty("java.home") + "/bin/java",
                                        "--add-exports",
                                        "java.base/jdk.internal.misc=ALL-UNNAMED",
                                        "-cp",
                                        classes + File.pathSeparator + tests,
                                        Probe.class.getName()))
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output.strip()).isEqualTo("false " + Probe.digest());
    }

    /** A mixture of accesses whose outcome is one number. */
    static final class Probe {
        public static void main(String[] args) {
            System.out.println(Memory.CHECKED + " " + digest());
        }

        static long digest() {
            Region region = Memory.allocate("probe", 4096, 4096);
            java.util.Random random = new java.util.Random(3);
            for (int i = 0; i < 50_000; i++) {
                long at = region.address() + random.nextInt(4088);
                switch (i % 8) {
                    case 0 -> Memory.putLong(at, random.nextLong());
                    case 1 -> Memory.putIntBe(at, random.nextInt());
                    case 2 -> Memory.putShort(at, (short) random.nextInt());
                    case 3 -> Memory.putByte(at, Memory.getByte(at + 1));
                    case 4 -> Memory.putLongBe(at, Memory.getLong(at));
                    case 5 -> Memory.putLongRelease(at & -8, Memory.getLongAcquire(at & -8) + 1);
                    case 6 -> Memory.copy(region.address(), at, 8);
                    default -> Memory.putIntRelease(at & -4, i);
                }
            }
            long digest = 1;
            for (int i = 0; i < 4096; i += 8) {
                digest = digest * 31 + Memory.getLong(region.address() + i);
            }
            Memory.remove(region);
            return digest;
        }
    }
}
