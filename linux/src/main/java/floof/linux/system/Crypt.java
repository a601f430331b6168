package floof.linux.system;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of passwords as the machine's accounts have them: yescrypt (crypt(5)) of libcrypt, which
 * every Debian has for its own logins. Takes some tens of milliseconds by design. Thread: any.
 */
@SuppressWarnings("restricted")
public final class Crypt {

    private static final String LIBRARY = "libcrypt.so.1";

    /** {@code struct crypt_data} of crypt.h. */
    private static final int DATA_BYTES = 32768;

    /** {@code CRYPT_GENSALT_OUTPUT_SIZE} of crypt.h. */
    private static final int SALT_BYTES = 192;

    private Crypt() {}

    /**
     * A hash with a random salt.
     *
     * @throws IllegalArgumentException for a password with a null character, which C would cut
     */
    public static String hash(String password) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment salt = arena.allocate(SALT_BYTES);
            MemorySegment made =
                    call(
                            arena,
                            "crypt_gensalt_rn",
                            FunctionDescriptor.of(
                                    ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS,
                                    JAVA_INT),
                            arena.allocateFrom("$y$"),
                            0L,
                            MemorySegment.NULL,
                            0,
                            salt,
                            SALT_BYTES);
            if (made.equals(MemorySegment.NULL)) {
                throw new IllegalStateException(LIBRARY + " has no yescrypt");
            }
            return Objects.requireNonNull(crypt(arena, password, salt.getString(0)));
        }
    }

    /** Whether a hash is that of the password. */
    public static boolean matches(String password, String hash) {
        try (Arena arena = Arena.ofConfined()) {
            return hash.equals(crypt(arena, password, hash));
        }
    }

    /** Null when the setting is none. */
    private static @Nullable String crypt(Arena arena, String password, String setting) {
        if (password.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a password has no null characters");
        }
        MemorySegment phrase = arena.allocateFrom(password);
        MemorySegment hash =
                call(
                        arena,
                        "crypt_rn",
                        FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT),
                        phrase,
                        arena.allocateFrom(setting),
                        arena.allocate(DATA_BYTES),
                        DATA_BYTES);
        phrase.fill((byte) 0);
        return hash.equals(MemorySegment.NULL) ? null : hash.reinterpret(DATA_BYTES).getString(0);
    }

    private static MemorySegment call(
            Arena arena, String function, FunctionDescriptor descriptor, Object... arguments) {
        try {
            return (MemorySegment)
                    Linker.nativeLinker()
                            .downcallHandle(
                                    SymbolLookup.libraryLookup(LIBRARY, arena)
                                            .findOrThrow(function),
                                    descriptor)
                            .invokeWithArguments(arguments);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(LIBRARY + " cannot be loaded", e);
        } catch (Throwable t) {
            throw new AssertionError(function, t);
        }
    }
}
