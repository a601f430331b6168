package floof.control.show;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.fastpath.FastPathMemory.Mapped;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SmapsTest {

    private static final Path TABLES = Path.of("/run/floof/x/shm/tables");

    @Test
    void sumsByPurpose() {
        String smaps =
                """
                7f0000000000-7f0020000000 rw-s 00000000 00:2a 17    /run/floof/x/shm/tables
                Size:             524288 kB
                Rss:              262144 kB
                ShmemPmdMapped:   260096 kB
                VmFlags: rd wr sh mr mw me ms sd
                7f0030000000-7f0030400000 rw-p 00000000 00:00 0
                Size:               4096 kB
                Rss:                4096 kB
                AnonHugePages:      2048 kB
                Private_Hugetlb:       0 kB
                7f0031000000-7f0031200000 rw-p 00000000 00:10 9     /anon_hugepage (deleted)
                Size:               2048 kB
                Rss:                   0 kB
                Private_Hugetlb:    2048 kB
                7f0040000000-7f0040010000 rw-s 00000000 00:08 99    socket:[99]
                Size:                 64 kB
                Rss:                  16 kB
                """;
        assertThat(Smaps.of(smaps.lines(), TABLES))
                .containsExactly(
                        new Mapped("tables", 512L << 20, 256L << 20, 254L << 20),
                        new Mapped("private", 6L << 20, 6L << 20, 4L << 20),
                        new Mapped("shared", 64L << 10, 16L << 10, 0));
    }

    @Test
    void aLivingProcessHasPrivateMemory() throws Exception {
        Mapped own = Smaps.of(ProcessHandle.current().pid(), TABLES).get(1);
        assertThat(own.residentBytes()).isBetween(1L << 20, own.sizeBytes());
    }
}
