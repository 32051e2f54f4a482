package io.transfuse.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.transfuse.cache.ModelHost.Thing;
import io.transfuse.cache.ModelWorld.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The guest's programs ask: what the kernel does not know it asks the cache, and what that does not know the host. */
final class ModelQuestions {
    private final ModelWorld world;
    private final ModelHost host;
    private final ModelKernel kernel;
    private final MountCache cache;
    private final Answer answer = new Answer();
    private final ModelTruth truth;
    private final ModelTransit transit;

    ModelQuestions(final ModelWorld world) {
        this.world = world;
        this.host = world.host;
        this.kernel = world.kernel;
        this.cache = world.cache;
        this.truth = world.truth;
        this.transit = world.transit;
    }

    void looksUp(final Step step) {
        lookUp(world.heldDirectory(step.a()), ModelWorld.name(step.b()), step);
    }

    void lookUp(final long node, final Name name, final Step step) {
        if (kernel.at(node, name) != null || kernel.isChanging(node)) {
            return;
        }
        switch (cache.lookup(node, name, answer)) {
            case PRESENT:
                world.log("lookup of " + node + "/" + name + ": known as " + answer.node());
                truth.assertHeld(node);
                truth.assertHeld(answer.node());
                truth.assertTrue(host.of(node), name, host.of(answer.node()).id);
                truth.assertTrue(host.of(answer.node()), ModelWorld.version(answer.attributes()));
                kernel.takeEntry(node, name, answer);
                return;
            case ABSENT:
                world.log("lookup of " + node + "/" + name + ": known as absent");
                truth.assertHeld(node);
                truth.assertTrue(host.of(node), name, 0);
                kernel.takeEntry(node, name, answer);
                return;
            default:
        }
        if (!kernel.lockForLookup(node)) {
            return;
        }
        final long since = cache.moment();
        final ModelHost.Answer[] reply = new ModelHost.Answer[1];
        final String what = "lookup of " + node + "/" + name;
        world.log(what + " is asked for");
        transit.send(
                step,
                () -> {
                    if (host.of(node).node == node) {
                        reply[0] = host.lookup(host.of(node), name);
                        world.log(what + " finds " + reply[0].thing());
                    }
                },
                () -> {
                    if (reply[0] == null) {
                        kernel.unlockLookup(node);
                        return;
                    }
                    world.log(what + " is answered");
                    truth.came(reply[0].time());
                    if (reply[0].thing() == null) {
                        cache.learnAbsent(since, node, name, reply[0].names(), answer);
                    } else {
                        cache.learnEntry(since, node, name, reply[0].facts(), reply[0].names(), true, answer);
                    }
                    kernel.takeEntry(node, name, answer);
                    kernel.unlockLookup(node);
                });
    }

    void asksAttributes(final Step step) {
        askAttributes(world.heldNode(step.a()), step);
    }

    private void askAttributes(final long node, final Step step) {
        if (kernel.attributesOf(node) != null) {
            return;
        }
        if (cache.attributes(node, answer)) {
            world.log("attributes of " + node + " are known");
            kernel.takeAttributes(answer);
            return;
        }
        final long since = cache.moment();
        final ObjectFacts[] facts = new ObjectFacts[1];
        final long[] time = new long[1];
        final String what = "attributes of " + node;
        world.log(what + " are asked for");
        transit.send(
                step,
                () -> {
                    final ModelHost.Answer reply = host.attributes(node);
                    final Thing thing = host.of(node);
                    time[0] = host.now();
                    facts[0] = reply != null
                            ? reply.facts()
                            : thing.node == node ? ModelHost.attributesOfOpen(thing) : null;
                    world.log(what + " are " + facts[0]);
                },
                () -> {
                    if (facts[0] == null) {
                        return;
                    }
                    world.log(what + " are answered");
                    truth.came(time[0]);
                    cache.learnAttributes(since, facts[0], answer);
                    kernel.takeAttributes(answer);
                });
    }

    void lists(final Step step) {
        final long node = world.heldDirectory(step.a());
        if (kernel.listingOf(node) != null || kernel.isChanging(node)) {
            return;
        }
        final Listing listing = cache.listing(node);
        if (listing == null) {
            fetch(node, step);
            return;
        }
        world.log("listing of " + node + " is known");
        truth.assertHeld(node);
        final Map<Name, Long> ids = new HashMap<>();
        for (int i = 0; i < listing.size(); i++) {
            ids.put(listing.name(i), listing.ino(i));
        }
        for (final Name name : ModelHost.NAMES) {
            truth.assertTrue(host.of(node), name, ids.getOrDefault(name, 0L));
        }
        if (cache.isListingKept(node)) {
            kernel.takeListing(node, ids);
        }
        if (step.b() % 2 == 0) {
            // With attributes, where they are known.
            for (int i = 0; i < listing.size(); i++) {
                if (cache.lookup(node, listing.name(i), answer) == MountCache.Outcome.PRESENT) {
                    kernel.takeEntry(node, listing.name(i), answer);
                }
            }
        }
    }

    void prefetches(final Step step) {
        final long node = world.heldDirectory(step.a());
        if (cache.lacksListing(node)) {
            fetch(node, step);
        }
    }

    private void fetch(final long node, final Step step) {
        final long since = cache.moment();
        final List<ModelHost.Answer> found = new ArrayList<>();
        final List<Name> names = new ArrayList<>();
        final long[] number = new long[1];
        final ModelHost.Answer[] last = new ModelHost.Answer[1];
        final String what = "listing of " + node;
        world.log(what + " is asked for");
        final List<Runnable> phases = new ArrayList<>();
        phases.add(() -> {
            if (host.of(node).node != node) {
                return;
            }
            world.log(what + " is made");
            for (final Name name : ModelHost.NAMES) {
                last[0] = host.lookup(host.of(node), name);
                if (last[0].thing() != null) {
                    found.add(last[0]);
                    names.add(name);
                }
            }
        });
        phases.add(() -> {
            if (last[0] != null) {
                world.log(what + " begins");
                number[0] = cache.beginListing(node);
            }
        });
        for (int i = 0; i < ModelHost.NAMES.length; i++) {
            final int index = i;
            phases.add(() -> {
                if (index < found.size()) {
                    final ModelHost.Answer entry = found.get(index);
                    world.log(what + " has " + names.get(index) + ": " + entry.thing());
                    truth.came(entry.time());
                    cache.learnListed(since, node, names.get(index), entry.facts(), entry.names(), answer);
                }
            });
        }
        phases.add(() -> {
            if (last[0] != null) {
                world.log(what + " ends");
                truth.came(last[0].time());
                cache.endListing(since, node, number[0], 1, 1, last[0].names());
            }
        });
        transit.send(step, phases.toArray(Runnable[]::new));
    }

    void reads(final Step step) {
        final long node = world.heldNode(step.a());
        final Thing thing = host.of(node);
        if (thing.directory || thing.node != node) {
            return;
        }
        if (step.b() % 2 == 0 && !cache.mayKeepPages(node)) {
            kernel.pages.remove(node);
        }
        if (kernel.attributesOf(node) == null) {
            askAttributes(node, new Step(0, 0, 0, 0, 1));
        }
        final Long page = kernel.pages.get(node);
        if (page != null && !kernel.isTold()) {
            return;
        }
        if (page != null) {
            truth.assertTrue(thing.data, page, "data of " + thing, thing.promised, thing.notPromised);
        } else if (!cache.isSuspended()) {
            kernel.pages.put(node, thing.data.value());
        }
    }

    void asksContent(final Step step) {
        final long node = world.heldNode(step.a());
        final Thing thing = host.of(node);
        if (thing.directory || thing.node != node) {
            return;
        }
        final byte[] known = cache.content(node, answer);
        if (known != null) {
            world.log("content of " + node + " is known");
            truth.assertTrue(
                    thing.data, ModelWorld.version(known), "content of " + thing, thing.promised, thing.notPromised);
            truth.assertTrue(thing, ModelWorld.version(answer.attributes()));
            return;
        }
        final long since = cache.moment();
        final ModelHost.Answer[] reply = new ModelHost.Answer[1];
        final long[] data = new long[1];
        world.log("content of " + node + " is asked for");
        transit.send(
                step,
                () -> {
                    reply[0] = host.attributes(node);
                    data[0] = thing.data.value();
                },
                () -> {
                    if (reply[0] != null) {
                        world.log("content of " + node + " is answered: " + data[0]);
                        truth.came(reply[0].time());
                        cache.learnContent(
                                since,
                                reply[0].facts(),
                                ("c" + data[0]).getBytes(UTF_8),
                                reply[0].facts().attributesValidity(),
                                answer);
                    }
                });
    }
}
