package floof.base;

/**
 * An IP address family. Numbers are those of Linux ({@code AF_INET}, {@code AF_INET6}; socket.h).
 */
public enum Family {
    IP4(2, 4, "inet"),
    IP6(10, 16, "inet6");

    private final int number;
    private final int sizeBytes;
    private final String label;

    Family(int number, int sizeBytes, String label) {
        this.number = number;
        this.sizeBytes = sizeBytes;
        this.label = label;
    }

    /** Linux's AF_ number. */
    public int number() {
        return number;
    }

    /** Length of an address on the wire: 4 or 16. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Length of an address in bits: 32 or 128. */
    public int bits() {
        return sizeBytes * 8;
    }

    /** Name as Junos and ip(8) print it: {@code inet}, {@code inet6}. */
    public String label() {
        return label;
    }

    /**
     * @throws IllegalArgumentException when the number is neither AF_INET nor AF_INET6
     */
    public static Family of(int number) {
        return switch (number) {
            case 2 -> IP4;
            case 10 -> IP6;
            default ->
                    throw new IllegalArgumentException(
                            "address family " + number + " is neither 2 (inet) nor 10 (inet6)");
        };
    }
}
