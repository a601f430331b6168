package floof.api;

import floof.api.view.Arguments;
import floof.api.view.Command;
import floof.api.view.DeniedException;
import floof.api.view.Operation;
import floof.api.view.Reader;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.config.access.Permissions;
import floof.config.tree.Branch;
import java.io.IOException;
import java.util.List;

/**
 * A router as one user may use it. What the user may do is read from the running configuration at
 * each call. Thread: any.
 */
public record Access(Router router, String user) {

    /** What the user may do now; nothing for one whom the configuration does not know. */
    public Permissions permissions() {
        Permissions permissions = Permissions.of(router.running(), user);
        return permissions == null ? Permissions.NONE : permissions;
    }

    public Reader reader() {
        return new Reader(user, permissions());
    }

    /** What the user may see of the running configuration. */
    public Branch running() {
        return permissions().visible(router.running());
    }

    /**
     * What the user may see of the running configuration at a path.
     *
     * @throws DeniedException when the class does not permit {@code show configuration PATH}
     * @throws UnknownException when nothing is there, or nothing that the user may see
     */
    public Branch configuration(List<String> path) throws DeniedException, UnknownException {
        Permissions permissions = permissions();
        String line = String.join(" ", path);
        if (!permissions.mayRun(("show configuration " + line).strip())) {
            throw new DeniedException();
        }
        Branch seen = permissions.visible(router.running());
        if (!path.isEmpty() && seen.find(path) == null) {
            throw new UnknownException("there is no statement '" + line + "'", List.of());
        }
        return seen.only(path);
    }

    /**
     * Begins an answer, which the caller closes.
     *
     * @throws DeniedException when the class does not permit the view's canonical line
     */
    public <R> View.Answer<R> open(View<R> view, Arguments arguments)
            throws DeniedException, UnavailableException, UnknownException {
        Reader reader = reader();
        require(reader, view, arguments);
        return view.open(arguments, reader);
    }

    /**
     * Runs an operation; returns its text for the user.
     *
     * @throws DeniedException when the class does not permit the operation's canonical line
     */
    public String run(Operation operation, Arguments arguments)
            throws DeniedException, UnavailableException, UnknownException, IOException {
        require(reader(), operation, arguments);
        return operation.deed().run(arguments, step -> {});
    }

    private static void require(Reader reader, Command command, Arguments arguments)
            throws DeniedException {
        if (!reader.permissions().mayRun(String.join(" ", command.words(arguments)))) {
            throw new DeniedException();
        }
    }
}
