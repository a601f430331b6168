package floof.control.routes;

import floof.base.Prefix;
import floof.control.statics.StaticReasons.Unusable;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Static routes that cannot be used; there is one to a prefix. */
final class StaticAscending extends Ascending<Unusable> {

    private final Iterator<Unusable> routes;

    /**
     * @param routes by ascending prefix
     */
    StaticAscending(List<Unusable> routes) {
        this.routes = routes.iterator();
    }

    @Override
    @Nullable List<Unusable> read() {
        return routes.hasNext() ? List.of(routes.next()) : null;
    }

    @Override
    Prefix prefix(Unusable value) {
        return value.route().prefix();
    }
}
