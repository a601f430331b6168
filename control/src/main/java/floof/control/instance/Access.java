package floof.control.instance;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Who may reach an instance's files: root alone. Everybody else asks floofd, which knows classes
 * and what they deny; so others get through to its socket, and to nothing beside it.
 */
public final class Access {

    private static final Set<PosixFilePermission> LISTED =
            PosixFilePermissions.fromString("rwxr-xr-x");

    /** Names in it can be used by who knows them. */
    private static final Set<PosixFilePermission> PASSED =
            PosixFilePermissions.fromString("rwx--x--x");

    private Access() {}

    /** Closes what an earlier version left open, too. */
    public static void restrict(Instance instance) throws IOException {
        close(instance.state(), instance);
        close(instance.run(), instance);
        Files.setPosixFilePermissions(instance.run().resolveSibling(""), LISTED);
        Files.setPosixFilePermissions(instance.run(), PASSED);
    }

    /** Makes a folder of the machine's, which others list too; one that is there stays as it is. */
    public static void list(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, LISTED);
        }
    }

    private static void close(Path folder, Instance instance) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes is)
                            throws IOException {
                        close(path);
                        // Files in there are namespaces, which are the kernel's.
                        return path.equals(instance.namespaces())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes is)
                            throws IOException {
                        if (!is.isSymbolicLink() && !path.equals(instance.floofdSocket())) {
                            close(path);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path path, IOException why) {
                        return FileVisitResult.CONTINUE; // it went meanwhile
                    }
                });
    }

    /** Takes the rights of others, if they have some. */
    private static void close(Path path) throws IOException {
        try {
            Set<PosixFilePermission> all =
                    Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
            if (all.removeIf(permission -> !permission.name().startsWith("OWNER_"))) {
                Files.setPosixFilePermissions(path, all);
            }
        } catch (NoSuchFileException e) {
            // It went meanwhile.
        }
    }
}
