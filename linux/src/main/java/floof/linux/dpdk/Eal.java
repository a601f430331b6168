package floof.linux.dpdk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.linux.system.CurrentThread;
import floof.linux.system.OwnThread;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * DPDK's environment abstraction layer, once per process and for its life: memory, device buses,
 * threads that are known to it.
 *
 * <p>It leaves no file behind, also after {@code kill -9}: all memory is anonymous, nothing is
 * shared with other processes, and its folder lies in ours. Thread: any.
 */
@SuppressWarnings("restricted")
public final class Eal {

    private static final String VERSION = "DPDK 22.11.";
    private static final long MIB = 1 << 20;
    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/hugepages");

    /** Allows no card; those that are configured are plugged in later. */
    private static final String NO_CARD = "0000:00:00.0";

    private static final int NO_CORE = -1; // LCORE_ID_ANY

    private final Library library;
    private final String version;
    private final boolean hasHugePages;

    /**
     * @param prefix tells instances on a machine apart
     * @param folder of the instance; what the library puts there is removed with it
     * @param memoryBytes for pools and rings; all of it is taken at once where there are no huge
     *     pages
     * @param pci whether devices on the PCI bus are looked for
     */
    public record Settings(String prefix, Path folder, long memoryBytes, boolean pci) {}

    private Eal(Library library, String version, boolean hasHugePages) {
        this.library = library;
        this.version = version;
        this.hasHugePages = hasHugePages;
    }

    /** Why it cannot be had on this machine, for the operator; null where it can. */
    public static @Nullable String refusal() {
        try {
            checked(Library.load());
            return null;
        } catch (DpdkException e) {
            return e.getMessage();
        }
    }

    /** The version of the libraries, which is one that we know. */
    private static String checked(Library library) {
        String version =
                MemorySegment.ofAddress(library.pointer("rte_version"))
                        .reinterpret(256)
                        .getString(0);
        if (!version.startsWith(VERSION)) {
            throw new DpdkException(
                    "DPDK's libraries are " + version + "; expected " + VERSION + "x (ABI 23)");
        }
        return version;
    }

    /**
     * Starts it. Once per process: the library cannot start a second time.
     *
     * @throws DpdkException if a library is missing, is of another version or refuses; its own
     *     words are on standard error
     */
    public static Eal start(Settings settings) {
        Library library = Library.load();
        String version = checked(library);
        Layouts.checkBurstFunctions(library);
        boolean hasHugePages = freeHugeBytes() >= settings.memoryBytes();
        List<String> words = arguments(settings, hasHugePages);
        return OwnThread.call(
                "dpdk-eal",
                () -> {
                    initialise(library, settings.folder(), words);
                    return new Eal(library, version, hasHugePages);
                });
    }

    /** Bytes in free huge pages of any size. */
    private static long freeHugeBytes() {
        long bytes = 0;
        try (DirectoryStream<Path> sizes = Files.newDirectoryStream(HUGE_PAGES, "hugepages-*")) {
            for (Path size : sizes) {
                String name = size.getFileName().toString();
                long pageKib = Long.parseLong(name.replaceAll("\\D", ""));
                long free =
                        Long.parseLong(Files.readString(size.resolve("free_hugepages")).strip());
                bytes += free * pageKib * 1024;
            }
        } catch (IOException e) {
            return 0; // a kernel without them
        }
        return bytes;
    }

    private static List<String> arguments(Settings settings, boolean hasHugePages) {
        // One logical core on all CPUs of this thread: nothing is pinned.
        String cpus =
                CurrentThread.cpus().stream()
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(","));
        List<String> words = new ArrayList<>(List.of("floof"));
        words.addAll(List.of("--lcores", "0@(" + cpus + ")"));
        words.addAll(List.of("--file-prefix", settings.prefix()));
        words.addAll(List.of("--no-telemetry", "--iova-mode=va"));
        words.add("--log-level=lib.eal:warning");
        // Either leaves no file behind.
        if (hasHugePages) {
            words.add("--in-memory");
        } else {
            long mib = (settings.memoryBytes() + MIB - 1) / MIB;
            words.addAll(List.of("--no-shconf", "--no-huge", "-m", String.valueOf(mib)));
        }
        if (settings.pci()) {
            words.addAll(List.of("-a", NO_CARD));
        } else {
            words.add("--no-pci");
        }
        return words;
    }

    private static void initialise(Library library, Path folder, List<String> words) {
        Arena arena = Arena.global(); // the library keeps the words
        library.check(
                "setenv",
                arena.allocateFrom("RUNTIME_DIRECTORY"),
                arena.allocateFrom(folder.toString()),
                1);
        MemorySegment argv = arena.allocate(ADDRESS, words.size() + 1);
        for (int i = 0; i < words.size(); i++) {
            argv.setAtIndex(ADDRESS, i, arena.allocateFrom(words.get(i)));
        }
        if (library.call("rte_eal_init", words.size(), argv) < 0) {
            throw DpdkException.of(errno(library), "rte_eal_init", words.subList(1, words.size()));
        }
    }

    /** The calling thread's rte_errno. */
    static int errno(Library library) {
        return library.threadLocal("per_lcore__rte_errno", 4).get(JAVA_INT, 0);
    }

    /** What the libraries call themselves: {@code DPDK 22.11.11}. */
    public String version() {
        return version;
    }

    /** Whether its memory lies on huge pages of the host's pool. */
    public boolean hasHugePages() {
        return hasHugePages;
    }

    /**
     * Makes the calling thread known, so that it has caches of the pools. Before its first burst;
     * again it does nothing.
     */
    public void registerThread() {
        int core = library.threadLocal("per_lcore__lcore_id", 4).get(JAVA_INT, 0);
        if (core != NO_CORE) {
            return;
        }
        if (library.call("rte_thread_register") < 0) {
            throw DpdkException.of(errno(library), "rte_thread_register");
        }
    }

    /** Gives back what {@link #registerThread} took; at the thread's end. */
    public void unregisterThread() {
        library.run("rte_thread_unregister");
    }

    /**
     * Adds a device: a card by its address on bus {@code pci}, or a virtual device {@code
     * net_DRIVER<number>} on bus {@code vdev}.
     *
     * @param arguments {@code key=value,...} of the driver; may be empty
     * @return the Ethernet device it brought
     * @throws DpdkException if the driver refuses; its words are on standard error
     */
    public EthDevice plug(String bus, String name, String arguments) {
        try (Arena arena = Arena.ofConfined()) {
            int result =
                    library.call(
                            "rte_eal_hotplug_add",
                            arena.allocateFrom(bus),
                            arena.allocateFrom(name),
                            arena.allocateFrom(arguments));
            if (result < 0) {
                throw DpdkException.of(-result, "rte_eal_hotplug_add", bus, name, arguments);
            }
            MemorySegment id = arena.allocate(2, 2);
            int found = library.call("rte_eth_dev_get_port_by_name", arena.allocateFrom(name), id);
            if (found < 0) {
                unplug(bus, name);
                throw DpdkException.of(-found, "rte_eth_dev_get_port_by_name", name);
            }
            return new EthDevice(library, id.get(JAVA_SHORT, 0) & 0xffff, name);
        }
    }

    /** Removes a device that is stopped; it is closed with it. */
    public void unplug(String bus, String name) {
        try (Arena arena = Arena.ofConfined()) {
            library.check(
                    "rte_eal_hotplug_remove", arena.allocateFrom(bus), arena.allocateFrom(name));
        }
    }

    /**
     * Makes a pool of buffers.
     *
     * @param name at most 25 bytes, unique
     * @param count of buffers
     * @param cacheBuffers that each registered thread keeps for itself, at most 512
     * @param privateBytes between the rte_mbuf and its data, a multiple of 8
     * @param dataBytes headroom and data
     */
    public MbufPool pool(
            String name, int count, int cacheBuffers, int privateBytes, int dataBytes) {
        return MbufPool.create(library, name, count, cacheBuffers, privateBytes, dataBytes);
    }
}
