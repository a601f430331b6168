package floof.control.show;

import floof.api.fastpath.FastPathMemory.Mapped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says of a process's mappings: {@code /proc/PID/smaps}, see proc_pid_smaps(5). */
final class Smaps {

    /** The purposes, in the order of the answer. */
    private static final String[] PURPOSES = {"tables", "private", "shared"};

    private static final int TABLES = 0;
    private static final int PRIVATE = 1;
    private static final int SHARED = 2;

    private final String tablesPath;
    private final long[] sizeBytes = new long[PURPOSES.length];
    private final long[] residentBytes = new long[PURPOSES.length];
    private final long[] hugeBytes = new long[PURPOSES.length];
    private int purpose;

    private Smaps(Path tables) {
        tablesPath = tables.toString();
    }

    /**
     * Sums a process's mappings by purpose.
     *
     * @param tables the shared file that counts as {@code tables}
     */
    static List<Mapped> of(long pid, Path tables) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", "" + pid, "smaps"))) {
            return of(lines, tables);
        }
    }

    static List<Mapped> of(Stream<String> lines, Path tables) {
        Smaps sums = new Smaps(tables);
        lines.forEach(sums::read);
        List<Mapped> mapped = new ArrayList<>();
        for (int i = 0; i < PURPOSES.length; i++) {
            mapped.add(
                    new Mapped(
                            PURPOSES[i],
                            sums.sizeBytes[i],
                            sums.residentBytes[i],
                            sums.hugeBytes[i]));
        }
        return mapped;
    }

    /**
     * {@code 7f..-7f.. rw-s 0000 00:2a 17 /path} begins a mapping, {@code Rss: 4 kB} tells of it.
     */
    private void read(String line) {
        String[] words = line.split("\\s+", 6);
        if (words[0].endsWith(":")) {
            long bytes = words.length == 3 && words[2].equals("kB") ? number(words[1]) << 10 : 0;
            switch (words[0]) {
                case "Size:" -> sizeBytes[purpose] += bytes;
                case "Rss:" -> residentBytes[purpose] += bytes;
                // Of hugetlbfs, which is not part of Rss.
                case "Shared_Hugetlb:", "Private_Hugetlb:" -> {
                    residentBytes[purpose] += bytes;
                    hugeBytes[purpose] += bytes;
                }
                case "AnonHugePages:", "ShmemPmdMapped:", "FilePmdMapped:" ->
                        hugeBytes[purpose] += bytes;
                default -> {}
            }
        } else if (words.length >= 5) {
            boolean isTables = words.length == 6 && words[5].equals(tablesPath);
            purpose = isTables ? TABLES : words[1].endsWith("s") ? SHARED : PRIVATE;
        }
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
    }
}
