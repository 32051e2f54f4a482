package io.transfuse.cache;

import io.transfuse.cache.ModelHost.By;
import io.transfuse.cache.ModelHost.Change;
import io.transfuse.cache.ModelHost.Thing;
import io.transfuse.cache.ModelWorld.Step;

/** The guest's programs change names, attributes and data: the host makes it so, and the guest hears of it later. */
final class ModelChanges {
    private final ModelWorld world;
    private final ModelHost host;
    private final ModelKernel kernel;
    private final MountCache cache;
    private final Answer answer = new Answer();
    private final ModelTruth truth;
    private final ModelTransit transit;
    private final ModelNews news;
    private final ModelQuestions questions;
    private final By by;

    /** @param by who the host takes the guest for when it tells of changes */
    ModelChanges(final ModelWorld world, final ModelQuestions questions, final By by) {
        this.world = world;
        this.host = world.host;
        this.kernel = world.kernel;
        this.cache = world.cache;
        this.truth = world.truth;
        this.transit = world.transit;
        this.news = world.news;
        this.questions = questions;
        this.by = by;
    }

    void creates(final Step step) {
        final long node = world.heldDirectory(step.a());
        final Name name = ModelWorld.name(step.b());
        final boolean isDirectory = step.c() % 3 == 0 && world.directories() < ModelWorld.DIRECTORIES_MAX;
        final ModelKernel.Dentry believed = kernel.at(node, name);
        if (believed == null || believed.node() != 0) {
            questions.lookUp(node, name, step);
            return;
        }
        if (!kernel.lockForChange(node)) {
            return;
        }
        final long since = cache.moment();
        final ModelHost.Answer[] reply = new ModelHost.Answer[1];
        final Change[] change = new Change[1];
        final String what = "creation of " + node + "/" + name;
        world.log(what + " is asked for");
        transit.send(
                step,
                () -> {
                    final Thing directory = host.of(node);
                    if (directory.node == node && !directory.removed && !directory.entries.containsKey(name)) {
                        change[0] = host.create(directory, name, isDirectory, step.c() % 5 != 1, by);
                        news.changed();
                        reply[0] = host.lookup(directory, name);
                        world.log(what + " makes " + reply[0].thing());
                    }
                },
                () -> {
                    if (reply[0] == null) {
                        world.log(what + " fails");
                        cache.doubtful(node, name);
                        return;
                    }
                    world.log(what + " is answered");
                    truth.came(reply[0].time());
                    cache.made(since, node, name, reply[0].facts(), reply[0].names(), answer);
                    change[0].told();
                    kernel.directoryChanged(node);
                    kernel.takeEntry(node, name, answer);
                    news.changeAnswered();
                },
                () -> kernel.unlockChange(node));
    }

    void removes(final Step step) {
        final long node = world.heldDirectory(step.a());
        final Name name = ModelWorld.name(step.b());
        final ModelKernel.Dentry believed = kernel.at(node, name);
        if (believed == null || believed.node() == 0) {
            questions.lookUp(node, name, step);
            return;
        }
        if (!kernel.lockForChange(node)) {
            return;
        }
        final long since = cache.moment();
        final Change[] change = new Change[1];
        final Thing[] removed = new Thing[1];
        final String what = "removal of " + node + "/" + name;
        world.log(what + " is asked for");
        transit.send(
                step,
                () -> {
                    final Thing directory = host.of(node);
                    if (directory.node == node && ModelHost.canRemove(directory, name)) {
                        removed[0] = directory.entries.get(name);
                        change[0] = host.remove(directory, name, by);
                        news.changed();
                        world.log(what + " removes " + removed[0]);
                    }
                },
                () -> {
                    if (change[0] == null) {
                        world.log(what + " fails");
                        cache.doubtful(node, name);
                        return;
                    }
                    world.log(what + " is answered");
                    cache.removed(since, node, name);
                    kernel.removed(node, name, believed);
                    final Thing directory = host.of(node);
                    change[0].told(directory.at(name));
                    change[0].told(directory.attributes);
                    if (removed[0].node == believed.node()) {
                        change[0].told();
                    }
                    news.changeAnswered();
                },
                () -> kernel.unlockChange(node));
    }

    void renames(final Step step) {
        final long from = world.heldDirectory(step.a());
        final Name oldName = ModelWorld.name(step.b());
        final long to = world.heldDirectory(step.c());
        final Name newName = ModelWorld.name(step.b() / 3 + step.c() / 5);
        final boolean exchange = step.d() % 5 == 0;
        final ModelKernel.Dentry believed = kernel.at(from, oldName);
        final ModelKernel.Dentry victim = kernel.at(to, newName);
        if (believed == null || believed.node() == 0) {
            questions.lookUp(from, oldName, step);
            return;
        }
        if (victim == null) {
            questions.lookUp(to, newName, step);
            return;
        }
        if (victim.node() == believed.node()) {
            // The kernel does nothing then.
            return;
        }
        if (!kernel.lockForChange(from, to)) {
            return;
        }
        final Change[] change = new Change[1];
        final Thing[] moved = new Thing[2];
        final String what =
                (exchange ? "exchange of " : "rename of ") + from + "/" + oldName + " to " + to + "/" + newName;
        world.log(what + " is asked for");
        transit.send(
                step,
                () -> {
                    final Thing one = host.of(from);
                    final Thing other = host.of(to);
                    if (one.node != from || other.node != to || other.removed) {
                        return;
                    }
                    moved[0] = one.entries.get(oldName);
                    moved[1] = other.entries.get(newName);
                    if (exchange && host.canExchange(one, oldName, other, newName)) {
                        change[0] = host.exchange(one, oldName, other, newName, by);
                        host.moved(moved[1], one, oldName);
                    } else if (!exchange && host.canRename(one, oldName, other, newName)) {
                        change[0] = host.rename(one, oldName, other, newName, by);
                    }
                    if (change[0] != null) {
                        news.changed();
                        host.moved(moved[0], other, newName);
                        world.log(what + " moves " + moved[0] + ", where there was " + moved[1]);
                    }
                },
                () -> {
                    if (change[0] == null) {
                        world.log(what + " fails");
                        cache.doubtful(from, oldName);
                        cache.doubtful(to, newName);
                        return;
                    }
                    world.log(what + " is answered");
                    kernel.renamed(from, oldName, believed, to, newName, victim, exchange);
                    cache.renamed(from, oldName, to, newName, exchange, kernel);
                    final Thing one = host.of(from);
                    final Thing other = host.of(to);
                    change[0].told(one.at(oldName));
                    change[0].told(one.attributes);
                    change[0].told(other.at(newName));
                    change[0].told(other.attributes);
                    if (moved[0].node == believed.node() && (moved[1] == null ? 0 : moved[1].node) == victim.node()) {
                        change[0].told();
                    }
                    news.changeAnswered();
                },
                () -> kernel.unlockChange(from, to));
    }

    void links(final Step step) {
        final long node = world.heldNode(step.a());
        final Thing thing = host.of(node);
        final long directory = world.heldDirectory(step.b());
        final Name name = ModelWorld.name(step.c());
        final ModelKernel.Dentry believed = kernel.at(directory, name);
        if (thing.directory || believed == null || believed.node() != 0) {
            questions.lookUp(directory, name, step);
            return;
        }
        if (!kernel.lockForChange(directory)) {
            return;
        }
        final long since = cache.moment();
        final Change[] change = new Change[1];
        final ModelHost.Answer[] reply = new ModelHost.Answer[1];
        final String what = "link of " + node + " at " + directory + "/" + name;
        world.log(what + " is asked for");
        transit.send(
                step,
                () -> {
                    final Thing to = host.of(directory);
                    if (thing.node == node
                            && !thing.removed
                            && to.node == directory
                            && !to.removed
                            && !to.entries.containsKey(name)) {
                        change[0] = host.link(thing, to, name, by);
                        news.changed();
                        reply[0] = host.lookup(to, name);
                        world.log(what + " makes it");
                    }
                },
                () -> {
                    if (change[0] == null) {
                        world.log(what + " fails");
                        cache.doubtful(directory, name);
                        return;
                    }
                    world.log(what + " is answered");
                    truth.came(reply[0].time());
                    cache.made(since, directory, name, reply[0].facts(), reply[0].names(), answer);
                    change[0].told();
                    kernel.directoryChanged(directory);
                    kernel.takeEntry(directory, name, answer);
                    news.changeAnswered();
                },
                () -> kernel.unlockChange(directory));
    }

    void changes(final Step step) {
        final long node = world.heldNode(step.a());
        final Thing thing = host.of(node);
        final boolean writes = step.b() % 2 == 0 && !thing.directory;
        final long since = cache.moment();
        final Change[] change = new Change[1];
        final ObjectFacts[] facts = new ObjectFacts[1];
        final long[] time = new long[1];
        final String what = (writes ? "write to " : "change of ") + node;
        world.log(what + " is asked for");
        transit.send(
                step,
                () -> {
                    if (thing.node != node || thing.directory && thing.removed) {
                        return;
                    }
                    change[0] = writes ? write(thing) : changeMode(thing);
                    final ModelHost.Answer reply = host.attributes(node);
                    time[0] = host.now();
                    facts[0] = reply != null ? reply.facts() : ModelHost.attributesOfOpen(thing);
                    world.log(what + " makes " + facts[0]);
                },
                () -> {
                    if (change[0] == null) {
                        cache.changed(node);
                    } else if (writes) {
                        world.log(what + " is answered");
                        kernel.pages.remove(node);
                        cache.changed(node);
                        kernel.forgetAttributes(node);
                        change[0].told();
                    } else {
                        world.log(what + " is answered");
                        truth.came(time[0]);
                        cache.changed(since, facts[0], answer);
                        kernel.takeAttributes(answer);
                        change[0].told();
                    }
                });
    }

    private Change write(final Thing thing) {
        for (final Thing directory : host.things) {
            for (final Name name : ModelHost.NAMES) {
                if (directory.entries.get(name) == thing) {
                    return host.write(thing, directory, name, by);
                }
            }
        }
        return host.write(thing, host.root, ModelHost.NAMES[0], By.GUEST);
    }

    private Change changeMode(final Thing thing) {
        for (final Thing directory : host.things) {
            for (final Name name : ModelHost.NAMES) {
                if (directory.entries.get(name) == thing) {
                    return host.changeMode(thing, directory, name, by);
                }
            }
        }
        return host.changeMode(thing, host.root, ModelHost.NAMES[0], By.GUEST);
    }
}
