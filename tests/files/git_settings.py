"""The settings of git: which of them can start a program, or let one be started, and which cannot.

The names are those of `git help --config`, which is how git documents itself, and of the pages that describe more.
"""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """A setting behind which a canary is planted."""

    name: str
    """as git lists it"""
    planted: str
    """as it is written into a configuration"""
    kind: str
    """program: a path; !: a path that is marked as a program; ext: a remote that is one; hooks, include, attributes: a folder or a
    file that names more of them; what begins with = is a value"""
    when: str
    """which commands of git use it"""


STARTING = (
    Key("alias.*", "alias.status", "!", "run in place of a command of that name that is none of git's own"),
    Key("browser.<tool>.cmd", "browser.canary.cmd", "program", "`git web--browse`"),
    Key("browser.<tool>.path", "browser.firefox.path", "program", "`git web--browse`"),
    Key("core.alternateRefsCommand", "core.alternateRefsCommand", "program", "`git fetch`, for the tips of alternates"),
    Key("core.askPass", "core.askPass", "program", "a remote that asks for a password"),
    Key("core.editor", "core.editor", "program", "`git commit`, `git rebase -i`"),
    Key("core.fsmonitor", "core.fsmonitor", "program", "every command that reads the index: `git status`, `git diff`, `git ls-files`"),
    Key("core.gitProxy", "core.gitProxy", "program", "a remote with git://"),
    Key("core.hooksPath", "core.hooksPath", "hooks", "the hooks of a folder, by every command that has hooks"),
    Key("core.pager", "core.pager", "program", "every command that prints to a terminal"),
    Key("core.sshCommand", "core.sshCommand", "program", "a remote with ssh"),
    Key("credential.<url>.*", "credential.https://example.invalid.helper", "!", "a remote with https that asks for a password"),
    Key("credential.helper", "credential.helper", "!", "a remote that asks for a password"),
    Key("diff.<driver>.command", "diff.canary1.command", "program", "`git diff`, for files whose attribute names the driver"),
    Key(
        "diff.<driver>.textconv",
        "diff.canary2.textconv",
        "program",
        "`git diff`, `git log -p`, `git blame`, for files whose attribute names the driver",
    ),
    Key("diff.external", "diff.external", "program", "`git diff`"),
    Key("difftool.<tool>.cmd", "difftool.canary.cmd", "program", "`git difftool`"),
    Key("difftool.<tool>.path", "difftool.vimdiff.path", "program", "`git difftool`"),
    Key(
        "filter.<driver>.clean",
        "filter.canary1.clean",
        "program",
        "`git diff`, `git add`, `git status`, for files whose attribute names the driver",
    ),
    Key("filter.<driver>.smudge", "filter.canary1.smudge", "program", "`git checkout`, for files whose attribute names the driver"),
    Key("gpg.<format>.program", "gpg.x509.program", "program", "`git log --show-signature`, signing"),
    Key("gpg.program", "gpg.program", "program", "`git log --show-signature`, signing"),
    Key("gpg.ssh.defaultKeyCommand", "gpg.ssh.defaultKeyCommand", "program", "signing with a key of ssh"),
    Key("guitool.<name>.cmd", "guitool.canary.cmd", "program", "`git gui`"),
    Key("help.browser", "help.browser", "program", "`git help --web`"),
    Key("imap.tunnel", "imap.tunnel", "program", "`git imap-send`"),
    Key("include.path", "include.path", "include", "every command: what the file says counts"),
    Key("includeIf.<condition>.path", "includeIf.gitdir:/.path", "include", "every command: what the file says counts"),
    Key("init.templateDir", "init.templateDir", "hooks", "`git init`, `git clone`: the hooks of the template"),
    Key("instaweb.browser", "instaweb.browser", "program", "`git instaweb`"),
    Key("instaweb.httpd", "instaweb.httpd", "program", "`git instaweb`"),
    Key("instaweb.modulePath", "instaweb.modulePath", "program", "`git instaweb`, for Apache"),
    Key("interactive.diffFilter", "interactive.diffFilter", "program", "`git add --patch`"),
    Key("man.<tool>.cmd", "man.canary.cmd", "program", "`git help --man`"),
    Key("man.<tool>.path", "man.woman.path", "program", "`git help --man`"),
    Key("man.viewer", "man.viewer", "program", "`git help --man`"),
    Key("merge.<driver>.driver", "merge.canary1.driver", "program", "`git merge`, `git rebase`, `git cherry-pick`"),
    Key("mergetool.<tool>.cmd", "mergetool.canary.cmd", "program", "`git mergetool`"),
    Key("mergetool.<tool>.path", "mergetool.vimdiff.path", "program", "`git mergetool`"),
    Key("pager.<cmd>", "pager.diff", "program", "the pager of one command"),
    Key("protocol.<name>.allow", "protocol.ext.allow", "=always", "lets a remote be a program"),
    Key("protocol.allow", "protocol.allow", "=always", "lets a remote be a program"),
    Key("receive.procReceiveRefs", "receive.procReceiveRefs", "=refs/for", "`git receive-pack`: a hook"),
    Key("remote.<name>.partialclonefilter", "remote.canary.partialclonefilter", "=blob:none", "a missing object is fetched"),
    Key("remote.<name>.promisor", "remote.canary.promisor", "=true", "a missing object is fetched"),
    Key("remote.<name>.receivepack", "remote.canary.receivepack", "program", "`git push`"),
    Key("remote.<name>.uploadpack", "remote.canary.uploadpack", "program", "`git fetch`"),
    Key("remote.<name>.url", "remote.canary.url", "ext", "a remote that is a program, with `ext::`"),
    Key("remote.<name>.pushurl", "remote.canary.pushurl", "ext", "a remote that is a program, with `ext::`"),
    Key("remote.<name>.vcs", "remote.canary2.vcs", "=canary", "a helper `git-remote-canary` on PATH"),
    Key("sendemail.<identity>.*", "sendemail.canary.sendmailCmd", "program", "`git send-email`"),
    Key("sendemail.ccCmd", "sendemail.ccCmd", "program", "`git send-email`"),
    Key("sendemail.smtpServer", "sendemail.smtpServer", "program", "`git send-email`, where it is a path"),
    Key("sendemail.tocmd", "sendemail.tocmd", "program", "`git send-email`"),
    Key("sequence.editor", "sequence.editor", "program", "`git rebase -i`"),
    Key("submodule.<name>.update", "submodule.sub.update", "!", "`git submodule update`"),
    Key("submodule.<name>.url", "submodule.sub.url", "ext", "`git submodule update`"),
    Key(
        "trace2.eventTarget",
        "trace2.eventTarget",
        "=af_unix:stream:/nowhere",
        "no program, yet a place that is written to by every command",
    ),
    Key(
        "trace2.normalTarget",
        "trace2.normalTarget",
        "=af_unix:stream:/nowhere",
        "no program, yet a place that is written to by every command",
    ),
    Key(
        "trace2.perfTarget", "trace2.perfTarget", "=af_unix:stream:/nowhere", "no program, yet a place that is written to by every command"
    ),
    Key("uploadpack.packObjectsHook", "uploadpack.packObjectsHook", "program", "`git upload-pack`, from configuration that is protected"),
    Key("url.<base>.insteadOf", "url.ext::canary%% .insteadOf", "=https://", "a remote becomes another one"),
    Key("url.<base>.pushInsteadOf", "url.ext::canary%% .pushInsteadOf", "=https://", "a remote becomes another one"),
    Key("web.browser", "web.browser", "program", "`git web--browse`"),
    Key("core.attributesFile", "core.attributesFile", "attributes", "names the drivers of files"),
    Key("core.worktree", "core.worktree", "=.", "an embedded repository has a work tree by it"),
    Key("extensions.worktreeConfig", "extensions.worktreeConfig", "=true", "a second file of configuration counts"),
    Key("merge.tool", "merge.tool", "=canary", "`git mergetool`: the name of a tool with a program of its own"),
    Key("merge.guitool", "merge.guitool", "=canary", "`git mergetool`: the name of a tool with a program of its own"),
    Key("diff.tool", "diff.tool", "=canary", "`git difftool`: the name of a tool with a program of its own"),
    Key("diff.guitool", "diff.guitool", "=canary", "`git difftool`: the name of a tool with a program of its own"),
    Key("bundle.*", "bundle.version", "=1", "`git fetch`, with a list of bundles from elsewhere"),
    Key("bundle.<id>.*", "bundle.canary.uri", "ext", "`git fetch`, with a list of bundles from elsewhere"),
    Key("bundle.<id>.uri", "bundle.canary.uri", "ext", "`git fetch`, with a list of bundles from elsewhere"),
    Key("http.proxy", "http.proxy", "=http://127.0.0.1:9", "no program, yet the network"),
    Key("http.<url>.*", "http.https://example.invalid.proxy", "=http://127.0.0.1:9", "no program, yet the network"),
    Key("remote.<name>.proxy", "remote.canary.proxy", "=http://127.0.0.1:9", "no program, yet the network"),
    Key("commit.gpgSign", "commit.gpgSign", "=true", "`git commit` runs the program that signs"),
    Key("tag.gpgSign", "tag.gpgSign", "=true", "`git tag` runs the program that signs"),
    Key("push.gpgSign", "push.gpgSign", "=true", "`git push` runs the program that signs"),
    Key("log.showSignature", "log.showSignature", "=true", "`git log` runs the program that checks signatures"),
    Key("format.signatureFile", "format.signatureFile", "=/dev/zero", "a file that never ends"),
    Key("gc.auto", "gc.auto", "=1", "many commands run `git gc`"),
    Key("maintenance.auto", "maintenance.auto", "=true", "many commands run `git maintenance`"),
    Key("help.autoCorrect", "help.autoCorrect", "=immediate", "a command by a name that is nearly its own"),
)
"""Settings of `git help --config` that can start a program, open the way for one, or reach beyond the repository."""
BESIDES = (
    Key("filter.<driver>.process", "filter.canary3.process", "program", "`git diff`, `git add`, `git checkout`: gitattributes(5)"),
    Key("trailer.<key-alias>.command", "trailer.canary.command", "program", "`git interpret-trailers`"),
    Key("trailer.<key-alias>.cmd", "trailer.canary.cmd", "program", "`git interpret-trailers`"),
    Key("trailer.<key-alias>.key", "trailer.canary.key", "=Canary", "`git interpret-trailers`"),
    Key("tar.<format>.command", "tar.canary.command", "program", "`git archive`"),
    Key("sendemail.sendmailCmd", "sendemail.sendmailCmd", "program", "`git send-email`"),
    Key("sendemail.headerCmd", "sendemail.headerCmd", "program", "`git send-email`"),
    Key("credential.<url>.helper", "credential.https://example.invalid.helper", "!", "a remote with https"),
    Key("hook.<friendly-name>.command", "hook.canary.command", "program", "hooks named by configuration, since git 2.54"),
    Key("hook.<friendly-name>.event", "hook.canary.event", "=pre-commit", "hooks named by configuration, since git 2.54"),
    Key("extensions.partialClone", "extensions.partialClone", "=canary", "a missing object is fetched"),
    Key("core.preferSymlinkRefs", "core.preferSymlinkRefs", "=true", "no program, yet it changes what is written"),
    Key("lfs.customtransfer.<name>.path", "lfs.customtransfer.canary.path", "program", "git-lfs"),
    Key("lfs.extension.<name>.clean", "lfs.extension.canary.clean", "program", "git-lfs"),
    Key("annex.*", "annex.canary-command", "program", "git-annex"),
    Key("difftool.<tool>.prompt", "difftool.canary.prompt", "=false", "`git difftool`"),
    Key("alias.*.command", "alias.canary.command", "!", "run in place of a command"),
    Key("fetch.bundleURI", "fetch.bundleURI", "ext", "`git fetch`, with a list of bundles from elsewhere"),
    Key("transfer.bundleURI", "transfer.bundleURI", "=true", "`git clone`, with a list of bundles from elsewhere"),
    Key("gc.recentObjectsHook", "gc.recentObjectsHook", "program", "`git gc`, `git repack`"),
    Key("hook.<event>.enabled", "hook.pre-commit.enabled", "=true", "hooks named by configuration"),
    Key("hook.<friendly-name>.enabled", "hook.canary.enabled", "=true", "hooks named by configuration"),
    Key("promisor.acceptFromServer", "promisor.acceptFromServer", "=all", "a missing object is fetched from where a server says"),
    Key("promisor.acceptFromServerUrl", "promisor.acceptFromServerUrl", "ext", "a missing object is fetched from where a server says"),
    Key("extensions.*", "extensions.preciousObjects", "=true", "what a repository asks of every git"),
    Key("attr.tree", "attr.tree", "=HEAD", "names the drivers of files"),
    Key("sendemail.<identity>.<config>", "sendemail.canary.toCmd", "program", "`git send-email`"),
)
"""Such settings that `git help --config` leaves out, and those of a newer git."""
FAMILIES = (
    "advice.",
    "color.",
    "fsck.",
    "receive.fsck.",
    "fetch.fsck.",
    "column.",
    "gitweb.",
    "gitcvs.",
    "i18n.",
    "user.",
    "author.",
    "committer.",
    "blame.",
    "rebase.",
    "status.",
    "stash.",
    "pretty.",
    "showBranch.",
    "versionsort.",
)
"""Families of settings that choose colours, words, names and layout."""
OTHERS = """
add.ignore-errors add.ignoreErrors add.interactive.useBuiltin am.keepcr am.messageId am.threeWay apply.ignoreWhitespace apply.whitespace
bitmapPseudoMerge.<name>.decay bitmapPseudoMerge.<name>.maxMerges bitmapPseudoMerge.<name>.pattern bitmapPseudoMerge.<name>.sampleRate
bitmapPseudoMerge.<name>.stableSize bitmapPseudoMerge.<name>.stableThreshold bitmapPseudoMerge.<name>.threshold
branch.<name>.deleteMerged branch.<name>.description branch.<name>.merge branch.<name>.mergeOptions branch.<name>.pushRemote
branch.<name>.rebase branch.<name>.remote branch.autoSetupMerge branch.autoSetupRebase branch.sort bundle.heuristic bundle.mode
bundle.version checkout.defaultRemote checkout.guess checkout.thresholdForParallelism checkout.workers clean.requireForce
clone.defaultRemoteName clone.filterSubmodules clone.rejectShallow commit.cleanup commit.status commit.template commit.verbose
commitGraph.changedPaths commitGraph.changedPathsVersion commitGraph.generationVersion commitGraph.maxNewFilters
commitGraph.readChangedPaths completion.commands core.abbrev core.alternateRefsPrefixes core.autocrlf core.bare core.bigFileThreshold
core.checkRoundtripEncoding core.checkStat core.commentChar core.commentString core.commitGraph core.compression core.configLockTimeout
core.createObject core.deltaBaseCacheLimit core.eol core.excludesFile core.fileMode core.filesRefLockTimeout core.fsmonitorHookVersion
core.fsync core.fsyncMethod core.fsyncObjectFiles core.hideDotFiles core.ignoreCase core.ignoreStat core.lockfilePid
core.logAllRefUpdates core.looseCompression core.maxTreeDepth core.multiPackIndex core.notesRef core.packedGitLimit
core.packedGitWindowSize core.packedRefsTimeout core.precomposeUnicode core.preferSymlinkRefs core.preloadIndex core.protectHFS
core.protectNTFS core.quotePath core.repositoryFormatVersion core.restrictinheritedhandles core.safecrlf core.sharedRepository
core.sparseCheckout core.sparseCheckoutCone core.splitIndex core.symlinks core.trustctime core.unsetenvvars core.untrackedCache
core.useReplaceRefs core.warnAmbiguousRefs core.whitespace credential.interactive credential.protectProtocol credential.sanitizePrompt
credential.useHttpPath credential.username credentialCache.ignoreSIGHUP credentialStore.lockTimeoutMS diff.<driver>.binary
diff.<driver>.cachetextconv diff.<driver>.trustExitCode diff.<driver>.wordRegex diff.<driver>.xfuncname diff.algorithm
diff.autoRefreshIndex diff.colorMoved diff.colorMovedWS diff.context diff.dirstat diff.dstPrefix diff.ignoreSubmodules
diff.indentHeuristic diff.interHunkContext diff.mnemonicPrefix diff.noprefix diff.orderFile diff.relative diff.renameLimit diff.renames
diff.srcPrefix diff.statGraphWidth diff.statNameWidth diff.submodule diff.suppressBlankEmpty diff.trustExitCode diff.wordRegex
diff.wsErrorHighlight difftool.guiDefault difftool.prompt difftool.trustExitCode extensions.objectFormat fastimport.unpackLimit
feature.* feature.experimental feature.manyFiles fetch.all fetch.bundleCreationToken fetch.followRemoteHEAD fetch.fsckObjects
fetch.negotiationAlgorithm fetch.output fetch.parallel fetch.prune fetch.pruneTags fetch.recurseSubmodules fetch.showForcedUpdates
fetch.unpackLimit fetch.writeCommitGraph format.attach format.cc format.commitListFormat format.coverFromDescription format.coverLetter
format.encodeEmailHeaders format.filenameMaxLength format.forceInBodyFrom format.from format.headers format.mboxrd format.noprefix
format.notes format.numbered format.outputDirectory format.pretty format.signOff format.signature format.subjectPrefix format.suffix
format.thread format.to format.useAutoBase fsmonitor.allowRemote fsmonitor.socketDir gc.<pattern>.reflogExpire
gc.<pattern>.reflogExpireUnreachable gc.aggressiveDepth gc.aggressiveWindow gc.autoDetach gc.autoPackLimit gc.bigPackThreshold
gc.cruftPacks gc.logExpiry gc.maxCruftSize gc.packRefs gc.pruneExpire gc.reflogExpire gc.reflogExpireUnreachable gc.repackFilter
gc.repackFilterTo gc.rerereResolved gc.rerereUnresolved gc.worktreePruneExpire gc.writeCommitGraph gpg.format gpg.minTrustLevel
gpg.ssh.allowedSignersFile gpg.ssh.revocationFile grep.column grep.extendedRegexp grep.fallbackToNoIndex grep.fullName grep.lineNumber
grep.patternType grep.threads gui.GCWarning gui.blamehistoryctx gui.commitMsgWidth gui.copyBlameThreshold gui.diffContext
gui.displayUntracked gui.encoding gui.fastCopyBlame gui.matchTrackingBranch gui.newBranchTemplate gui.pruneDuringFetch
gui.spellingDictionary gui.trustmtime guitool.<name>.argPrompt guitool.<name>.confirm guitool.<name>.needsFile guitool.<name>.noConsole
guitool.<name>.noRescan guitool.<name>.prompt guitool.<name>.revPrompt guitool.<name>.revUnmerged guitool.<name>.title help.format
help.htmlPath hook.<event>.jobs hook.<friendly-name>.parallel hook.jobs http.cookieFile http.curloptResolve http.delegation
http.emptyAuth http.extraHeader http.followRedirects http.keepAliveCount http.keepAliveIdle http.keepAliveInterval http.lowSpeedLimit
http.lowSpeedTime http.maxRequests http.maxRetries http.maxRetryTime http.minSessions http.noEPSV http.pinnedPubkey http.postBuffer
http.proactiveAuth http.proxyAuthMethod http.proxySSLCAInfo http.proxySSLCert http.proxySSLCertPasswordProtected http.proxySSLKey
http.retryAfter http.saveCookies http.schannelCheckRevoke http.schannelUseSSLCAInfo http.sslBackend http.sslCAInfo http.sslCAPath
http.sslCert http.sslCertPasswordProtected http.sslCertType http.sslCipherList http.sslKey http.sslKeyType http.sslTry http.sslVerify
http.sslVersion http.userAgent http.version imap.authMethod imap.folder imap.host imap.pass imap.port imap.preformattedHTML
imap.sslverify imap.user index.recordEndOfIndexEntries index.recordOffsetTable index.skipHash index.sparse index.threads index.version
init.defaultBranch init.defaultObjectFormat init.defaultRefFormat init.defaultSubmodulePathConfig instaweb.local instaweb.port
interactive.singleKey log.abbrevCommit log.date log.decorate log.diffMerges log.excludeDecoration log.follow log.graphColors
log.graphIndent log.initialDecorationSet log.mailmap log.showRoot lsrefs.unborn mailinfo.scissors mailmap.blob mailmap.file
maintenance.<task>.enabled maintenance.<task>.schedule maintenance.autoDetach maintenance.commit-graph.auto
maintenance.geometric-repack.auto maintenance.geometric-repack.splitFactor maintenance.incremental-repack.auto
maintenance.loose-objects.auto maintenance.loose-objects.batchSize maintenance.reflog-expire.auto maintenance.rerere-gc.auto
maintenance.strategy maintenance.worktree-prune.auto merge.<driver>.name merge.<driver>.recursive merge.autoStash merge.branchdesc
merge.conflictStyle merge.defaultToUpstream merge.directoryRenames merge.ff merge.log merge.renameLimit merge.renames merge.renormalize
merge.stat merge.suppressDest merge.verbosity merge.verifySignatures mergetool.<tool>.hideResolved mergetool.<tool>.trustExitCode
mergetool.<variant>.layout mergetool.guiDefault mergetool.hideResolved mergetool.keepBackup mergetool.keepTemporaries
mergetool.meld.hasOutput mergetool.meld.useAutoMerge mergetool.prompt mergetool.vimdiff.layout mergetool.writeToTemp
notes.<name>.mergeStrategy notes.displayRef notes.mergeStrategy notes.rewrite.<command> notes.rewriteMode notes.rewriteRef
pack.allowPackReuse pack.compression pack.deltaCacheLimit pack.deltaCacheSize pack.depth pack.indexVersion pack.island pack.islandCore
pack.packSizeLimit pack.preferBitmapTips pack.readReverseIndex pack.threads pack.useBitmapBoundaryTraversal pack.useBitmaps
pack.usePathWalk pack.useSparse pack.window pack.windowMemory pack.writeBitmapHashCache pack.writeBitmapLookupTable pack.writeBitmaps
pack.writeReverseIndex promisor.advertise promisor.checkFields promisor.quiet promisor.sendFields promisor.storeFields protocol.version
pull.autoStash pull.ff pull.octopus pull.rebase pull.twohead push.autoSetupRemote push.default push.followTags push.negotiate
push.pushOption push.recurseSubmodules push.useBitmaps push.useForceIfIncludes receive.advertiseAtomic receive.advertisePushOptions
receive.autogc receive.certNonceSeed receive.certNonceSlop receive.denyCurrentBranch receive.denyDeleteCurrent receive.denyDeletes
receive.denyNonFastForwards receive.fsckObjects receive.hideRefs receive.keepAlive receive.maxInputSize receive.shallowUpdate
receive.unpackLimit receive.updateServerInfo reftable.blockSize reftable.geometricFactor reftable.indexObjects reftable.lockTimeout
reftable.restartInterval remote.<name>.advertisedAs remote.<name>.fetch remote.<name>.followRemoteHEAD remote.<name>.mirror
remote.<name>.negotiationInclude remote.<name>.negotiationRestrict remote.<name>.proxyAuthMethod remote.<name>.prune
remote.<name>.pruneTags remote.<name>.push remote.<name>.serverOption remote.<name>.skipDefaultUpdate remote.<name>.skipFetchAll
remote.<name>.tagOpt remote.pushDefault remotes.<group> repack.cruftDepth repack.cruftThreads repack.cruftWindow
repack.cruftWindowMemory repack.midxMustContainCruft repack.midxNewLayerThreshold repack.midxSplitFactor repack.packKeptObjects
repack.updateServerInfo repack.useDeltaBaseOffset repack.useDeltaIslands repack.writeBitmaps replay.refAction rerere.autoUpdate
rerere.enabled revert.reference safe.bareRepository safe.directory sendemail.aliasFileType sendemail.aliasesFile sendemail.annotate
sendemail.bcc sendemail.cc sendemail.chainReplyTo sendemail.confirm sendemail.envelopeSender sendemail.forbidSendmailVariables
sendemail.from sendemail.identity sendemail.imapSentFolder sendemail.mailmap sendemail.mailmap.blob sendemail.mailmap.file
sendemail.multiEdit sendemail.outlookidfix sendemail.signedOffCc sendemail.signedoffbycc sendemail.smtpBatchSize sendemail.smtpDomain
sendemail.smtpEncryption sendemail.smtpPass sendemail.smtpReloginDelay sendemail.smtpSSLClientCert sendemail.smtpSSLClientKey
sendemail.smtpServerOption sendemail.smtpServerPort sendemail.smtpUser sendemail.smtpsslcertpath sendemail.suppressFrom
sendemail.suppresscc sendemail.thread sendemail.to sendemail.transferEncoding sendemail.useImapOnly sendemail.validate sendemail.xmailer
sideband.<url>.* sideband.allowControlCharacters sparse.expectFilesOutsideOfPatterns splitIndex.maxPercentChange
splitIndex.sharedIndexExpire ssh.variant submodule.<name>.active submodule.<name>.branch submodule.<name>.fetchRecurseSubmodules
submodule.<name>.gitdir submodule.<name>.ignore submodule.active submodule.alternateErrorStrategy submodule.alternateLocation
submodule.fetchJobs submodule.propagateBranches submodule.recurse tag.forceSignAnnotated tag.sort tar.umask trace2.configParams
trace2.destinationDebug trace2.envVars trace2.eventBrief trace2.eventNesting trace2.maxFiles trace2.normalBrief trace2.perfBrief
trailer.<key-alias>.ifexists trailer.<key-alias>.ifmissing trailer.<key-alias>.where trailer.ifexists trailer.ifmissing
trailer.separators trailer.where transfer.advertiseObjectInfo transfer.advertiseSID transfer.credentialsInUrl transfer.fsckObjects
transfer.hideRefs transfer.unpackLimit uploadarchive.allowUnreachable uploadpack.allowAnySHA1InWant uploadpack.allowFilter
uploadpack.allowReachableSHA1InWant uploadpack.allowRefInWant uploadpack.allowTipSHA1InWant uploadpack.hideRefs uploadpack.keepAlive
uploadpackfilter.<filter>.allow uploadpackfilter.allow uploadpackfilter.tree.maxDepth worktree.guessRemote worktree.useRelativePaths
"""
"""All other settings: numbers, switches, names of branches, texts. Those of git 2.39 to 2.55."""


def unknown(listed: list[str]) -> list[str]:
    """Return the settings that a git knows and this table does not."""
    known = {key.name for key in (*STARTING, *BESIDES)} | set(OTHERS.split())
    return [name for name in listed if name not in known and not name.startswith(FAMILIES)]
