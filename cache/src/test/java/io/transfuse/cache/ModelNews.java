package io.transfuse.cache;

import io.transfuse.cache.ModelHost.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the host tells of changes, in the order in which they were, sooner or later. */
final class ModelNews {
    private final ModelHost host;
    private final ModelKernel kernel;
    private final MountCache cache;
    private final Consumer<String> log;

    /** Whether the host tells of the guest's own changes, as doubts. */
    private final boolean echo;

    private final List<Event> toldMeanwhile = new ArrayList<>();

    /** How many changes of names the guest has made and has no reply to. */
    private int changing;

    ModelNews(
            final ModelHost host,
            final ModelKernel kernel,
            final MountCache cache,
            final boolean echo,
            final Consumer<String> log) {
        this.host = host;
        this.kernel = kernel;
        this.cache = cache;
        this.echo = echo;
        this.log = log;
    }

    void tell(final int most) {
        for (int i = 0; i < most && !host.untold.isEmpty(); i++) {
            final Event event = host.untold.remove(0);
            log.accept("told: " + event);
            switch (event.kind) {
                case NAME:
                    cache.invalidateName(event.node, event.name, !echo, kernel);
                    break;
                case CHILD:
                    cache.invalidateChild(event.node, event.name, kernel);
                    break;
                case NODE:
                    cache.invalidateObject(event.node, kernel);
                    break;
                case DIRECTORY:
                    cache.invalidateDirectory(event.node, kernel);
                    break;
                case ALL:
                    cache.invalidateAll(kernel);
                    break;
                case SUSPEND:
                    cache.suspend(kernel);
                    break;
                default:
                    cache.resume();
            }
            toldMeanwhile.add(event);
        }
        believeTold();
    }

    /**
     * While the guest has changed names on the host and does not know it yet, it cannot know what is meant by what it is told of
     * them: it does when it has its reply.
     */
    private void believeTold() {
        if (changing == 0) {
            toldMeanwhile.forEach(Event::applied);
            toldMeanwhile.clear();
        }
    }

    /** The guest has changed names on the host. */
    void changed() {
        changing++;
    }

    /** The guest knows that it has. */
    void changeAnswered() {
        changing--;
        believeTold();
    }
}
