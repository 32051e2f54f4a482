package io.transfuse.cache;

import io.transfuse.cache.ModelHost.By;
import io.transfuse.cache.ModelHost.Thing;
import io.transfuse.cache.ModelWorld.Step;
import java.util.ArrayList;
import java.util.List;

/** The host's own users change what is shared. */
final class ModelUsers {
    private final ModelWorld world;
    private final ModelHost host;

    ModelUsers(final ModelWorld world) {
        this.world = world;
        this.host = world.host;
    }

    void makesOrRemoves(final Step step) {
        final Thing directory = world.directory(step.a());
        final Name name = ModelWorld.name(step.b());
        final Thing there = directory.entries.get(name);
        world.log("host: " + (there == null ? "creates " : "removes ") + directory + "/" + name);
        if (there == null && step.c() % 4 == 1) {
            final Thing file = linkable(step.d());
            if (file != null) {
                host.link(file, directory, name, By.HOST);
            }
        } else if (there == null) {
            host.create(
                    directory,
                    name,
                    step.c() % 3 == 0 && world.directories() < ModelWorld.DIRECTORIES_MAX,
                    step.c() % 5 != 1,
                    By.HOST);
        } else if (ModelHost.canRemove(directory, name)) {
            host.remove(directory, name, By.HOST);
        }
    }

    /**
     * A file that the host may link: one more name of what had one name, and is remembered by the guest, is told by nobody;
     * docs/semantics.md says so.
     */
    private Thing linkable(final int number) {
        final List<Thing> files = new ArrayList<>();
        for (final Thing thing : host.things) {
            if (!thing.directory && !thing.removed && (thing.node == 0 || thing.watched)) {
                files.add(thing);
            }
        }
        return files.isEmpty() ? null : files.get(number % files.size());
    }

    void changes(final Step step) {
        final Thing directory = world.directory(step.a());
        final Name name = ModelWorld.name(step.b());
        final Thing there = directory.entries.get(name);
        if (there == null) {
            return;
        }
        world.log("host: changes " + directory + "/" + name);
        if (there.directory || step.c() % 2 == 0) {
            host.changeMode(there, directory, name, By.HOST);
        } else {
            host.write(there, directory, name, By.HOST);
        }
    }

    void renames(final Step step) {
        final Thing from = world.directory(step.a());
        final Name oldName = ModelWorld.name(step.b());
        final Thing to = world.directory(step.c());
        final Name newName = ModelWorld.name(step.d());
        if (step.d() % 5 == 0 && host.canExchange(from, oldName, to, newName)) {
            world.log("host: exchanges " + from + "/" + oldName + " and " + to + "/" + newName);
            host.exchange(from, oldName, to, newName, By.HOST);
        } else if (host.canRename(from, oldName, to, newName)) {
            world.log("host: renames " + from + "/" + oldName + " to " + to + "/" + newName);
            host.rename(from, oldName, to, newName, By.HOST);
        }
    }
}
