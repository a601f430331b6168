package floof.cli;

import floof.cli.Position.Argument;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Files as the operator names them, from the folder the client was started in. */
final class UserFiles {

    /** Most names that completion lists: some screens full. */
    private static final int NAMES_MAX = 200;

    private final Path folder;

    UserFiles(Path folder) {
        this.folder = folder;
    }

    /** A word that names a file, with completion. */
    Argument argument(String placeholder, String help, Function<String, Position> next) {
        return new Argument(
                ' ', placeholder, help, text -> null, List::of, next, this::beginningWith);
    }

    /** The file a name means. */
    Path path(String name) throws CommandException {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new CommandException("error: '" + name + "' is no name of a file");
        }
    }

    private List<Suggestion> beginningWith(String prefix) {
        String parent = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        List<Suggestion> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(parent))) {
            for (Path entry : entries) {
                String name = parent + entry.getFileName() + (Files.isDirectory(entry) ? "/" : "");
                if (name.startsWith(prefix) && isPlain(name) && names.size() < NAMES_MAX) {
                    names.add(new Suggestion(name, ""));
                }
            }
        } catch (IOException | CommandException e) {
            return List.of(); // no such folder: nothing to offer
        }
        names.sort(Comparator.comparing(Suggestion::word));
        return names;
    }

    /** Can be typed without quotes. */
    private static boolean isPlain(String name) {
        return name.chars().allMatch(c -> c > ' ' && c != '"' && c != '|' && c != 127);
    }
}
