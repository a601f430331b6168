package floof.linux;

import java.nio.file.Path;

/** Program of {@link SharedFileTest}: locks the first 10 bytes, says so and holds them. */
final class LockHolder {

    private LockHolder() {}

    public static void main(String[] arguments) throws InterruptedException {
        SharedFile file = SharedFile.open(Path.of(arguments[0]));
        System.out.println(file.lockExclusive(0, 10));
        Thread.sleep(60_000);
    }
}
