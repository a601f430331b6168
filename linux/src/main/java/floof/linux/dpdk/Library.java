package floof.linux.dpdk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The shared libraries of DPDK in this process, and calls to their functions by name. Not for a
 * packet's way: each call looks its symbol up. Thread: any.
 */
@SuppressWarnings("restricted")
final class Library {

    /** ABI 23: DPDK 22.11. */
    private static final String ABI = ".so.23";

    private final SymbolLookup symbols;

    private Library(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /**
     * Loads them; they stay as long as the process.
     *
     * @throws DpdkException naming the library and the packages, if one is missing
     */
    static Library load() {
        return new Library(
                open("librte_ethdev")
                        .or(open("librte_mbuf"))
                        .or(open("librte_mempool"))
                        .or(open("librte_eal")));
    }

    private static SymbolLookup open(String name) {
        try {
            return SymbolLookup.libraryLookup(name + ABI, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new DpdkException(
                    name
                            + ABI
                            + " cannot be loaded: driver dpdk needs DPDK 22.11, which"
                            + " ./floof install dpdk brings",
                    e);
        }
    }

    /** Address of a function or variable. */
    long address(String symbol) {
        return symbols.find(symbol)
                .orElseThrow(() -> new DpdkException("DPDK's libraries have no " + symbol))
                .address();
    }

    /** Address of the calling thread's copy of a thread-local variable: dlsym(3) finds that. */
    MemorySegment threadLocal(String symbol, long sizeBytes) {
        return MemorySegment.ofAddress(address(symbol)).reinterpret(sizeBytes);
    }

    /** Calls a function that returns int. Arguments: Integer, Short, Long, MemorySegment. */
    int call(String function, Object... arguments) {
        return (int) invoke(function, JAVA_INT, arguments);
    }

    /** Calls a function that returns a pointer. */
    long pointer(String function, Object... arguments) {
        return ((MemorySegment) invoke(function, ADDRESS, arguments)).address();
    }

    /** Calls a function that returns nothing. */
    void run(String function, Object... arguments) {
        call(function, arguments); // what is left in the register is nobody's
    }

    /**
     * Calls a function that returns 0 or a negative error number.
     *
     * @throws DpdkException naming the call, its arguments and the error
     */
    int check(String function, Object... arguments) {
        int result = call(function, arguments);
        if (result < 0) {
            throw DpdkException.of(-result, function, arguments);
        }
        return result;
    }

    private Object invoke(String function, MemoryLayout result, Object... arguments) {
        MemoryLayout[] layouts =
                Arrays.stream(arguments).map(Library::layout).toArray(MemoryLayout[]::new);
        try {
            return Linker.nativeLinker()
                    .downcallHandle(
                            MemorySegment.ofAddress(address(function)),
                            FunctionDescriptor.of(result, layouts))
                    .invokeWithArguments(arguments);
        } catch (DpdkException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(
                    Arrays.stream(arguments)
                            .map(String::valueOf)
                            .collect(Collectors.joining(", ", function + "(", ")")),
                    t);
        }
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case Integer _ -> JAVA_INT;
            case Short _ -> JAVA_SHORT;
            case Long _ -> JAVA_LONG;
            case MemorySegment _ -> ADDRESS;
            default -> throw new IllegalArgumentException("argument " + argument);
        };
    }
}
