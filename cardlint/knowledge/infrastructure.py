"""OpenStack, Proxmox, libvirt, vSphere, Consul, etcd and Vault: the machines and services of a deployment, and what is stored in them."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Row

STACK, SERVER, THING = "openstack.connection.Connection", "openstack.compute.v2.server.Server", "openstack.resource.Resource"
LISTED = (
    *(f"compute.{name}" for name in ("hypervisors", "flavors", "services", "aggregates")),
    *(f"network.{name}" for name in ("networks", "routers", "ports", "agents", "subnets", "ips", "security_groups")),
    *(f"block_storage.{name}" for name in ("volumes", "backend_pools", "services")),
    *(f"identity.{name}" for name in ("projects", "domains", "regions", "services", "endpoints")),
    *(f"load_balancer.{name}" for name in ("load_balancers", "amphorae", "pools", "listeners")),
)
"""Lists of what is set up in a cloud (openstacksdk, the `_proxy.py` of each service)."""
PROXMOX = "proxmoxer.ProxmoxAPI"
GUEST = "proxmoxer.guest"
"""What a list of the API of Proxmox VE holds: a machine, a node, a store or a task."""
HYPERVISOR, DOMAIN = "libvirt.virConnect", "libvirt.virDomain"
MACHINE, HOST, ENTITY = "pyVmomi.vim.VirtualMachine", "pyVmomi.vim.HostSystem", "pyVmomi.vim.ManagedEntity"
ENTITIES = (*("Datastore", "ClusterComputeResource", "Datacenter", "ComputeResource", "ResourcePool", "Network", "Folder"),)
CONSUL, ETCD, VAULT = "consul.Consul", "etcd3.Etcd3Client", "hvac.Client"
NODE, SERVICE = "consul.node", "consul.service"
OWN = "a machine or a service that is set up"


def _clouds() -> tuple[Row, ...]:
    return (
        *leads(
            *((f"{STACK}.compute.{name}", SERVER) for name in ("servers()[*]", "get_server()", "find_server()")),
            (f"{STACK}.list_servers()[*]", SERVER),
            *((f"{STACK}.{name}()[*]", THING) for name in LISTED),
            *((f"{PROXMOX}.nodes().{kind}.get()[*]", GUEST) for kind in ("qemu", "lxc", "storage", "tasks")),
            *((f"{PROXMOX}.{kind}.get()[*]", GUEST) for kind in ("nodes", "cluster.resources", "storage", "pools")),
        ),
        *deployment(
            "inventory",
            OWN,
            *below(SERVER, ".id", ".name", ".hostname", ".instance_name", ".project_id", ".host_id", ".compute_host"),
            *below(SERVER, ".hypervisor_hostname", ".availability_zone", ".flavor_id", ".image_id"),
            *below(THING, ".id", ".name", ".project_id"),
        ),
        *bounded(20, "state", "status of a server", f"{SERVER}.status"),
        *deployment(
            "inventory",
            OWN,
            *below(GUEST, "[vmid]", "[name]", "[node]", "[storage]", "[pool]", "[poolid]"),
        ),
        *unbounded("identity", "the id of one task", f"{GUEST}[upid]", advice=LOG),
    )


def _machines() -> tuple[Row, ...]:
    return (
        *leads(
            *((f"libvirt.{name}()", HYPERVISOR) for name in ("open", "openReadOnly", "openAuth")),
            (f"{HYPERVISOR}.listAllDomains()[*]", DOMAIN),
            *((f"{HYPERVISOR}.{name}()", DOMAIN) for name in ("lookupByID", "lookupByName", "lookupByUUIDString")),
        ),
        *deployment(
            "inventory",
            OWN,
            *below(DOMAIN, ".name()", ".UUIDString()", ".hostname()"),
            *below(HYPERVISOR, ".getHostname()", ".listDefinedDomains()[*]", ".listNetworks()[*]", ".listStoragePools()[*]"),
        ),
        *deployment(
            "inventory", "the number of a running machine, new with every start", f"{DOMAIN}.ID()", f"{HYPERVISOR}.listDomainsID()[*]"
        ),
        *bounded(8, "state", "state of a machine", f"{DOMAIN}.state()[0]", f"{DOMAIN}.info()[0]"),
        *leads(
            ("pyVim.connect.SmartConnect()", "pyVmomi.vim.ServiceInstance"),
            *(
                (f"pyVmomi.vim.ServiceInstance.{content}.viewManager.CreateContainerView.view[*]", ENTITY)
                for content in ("content", "RetrieveContent")
            ),
            (f"{MACHINE}.runtime.host", HOST),
        ),
        *deployment(
            "inventory",
            OWN,
            *(f"{entity}.name" for entity in (ENTITY, MACHINE, HOST)),
            *(f"{entity}._moId" for entity in (ENTITY, MACHINE, HOST)),
            *below(f"{MACHINE}.summary.config", ".name", ".uuid", ".instanceUuid", ".guestFullName", ".guestId"),
            *below(f"{MACHINE}.config", ".name", ".uuid", ".instanceUuid", ".guestFullName", ".guestId"),
            *below(f"{MACHINE}.guest", ".hostName", ".ipAddress", ".guestFullName"),
        ),
        *bounded(3, "state", "whether a machine is on", f"{MACHINE}.runtime.powerState", f"{MACHINE}.summary.runtime.powerState"),
        *bounded(5, "state", "state of a connection", f"{MACHINE}.runtime.connectionState", f"{HOST}.runtime.connectionState"),
        *bounded(4, "state", "health of a part", *(f"{entity}.overallStatus" for entity in (ENTITY, MACHINE, HOST))),
    )


def _registries() -> tuple[Row, ...]:
    health = f"{CONSUL}.health"
    return (
        *leads(
            (f"{health}.service()[1][*][Node]", NODE),
            (f"{health}.service()[1][*][Service]", SERVICE),
            (f"{CONSUL}.agent.services().values()[*]", SERVICE),
        ),
        *deployment(
            "inventory",
            OWN,
            *below(NODE, "[Node]", "[Address]"),
            *below(SERVICE, "[Service]", "[Address]"),
            *(
                f"{health}.{name}()[1][*]{part}"
                for name in ("state", "node", "checks")
                for part in ("[Node]", "[ServiceName]", "[CheckID]")
            ),
            *(f"{CONSUL}.catalog.services()[1]{part}" for part in ("[*]", ".keys()[*]", ".items()[*][0]")),
            *(f"{CONSUL}.catalog.nodes()[1][*]{part}" for part in ("[Node]", "[Address]")),
            *(f"{CONSUL}.catalog.service()[1][*]{part}" for part in ("[Node]", "[ServiceName]", "[Address]", "[ServiceAddress]")),
            f"{CONSUL}.catalog.datacenters()[*]",
            f"{ETCD}.members[*].name",
        ),
        *bounded(4, "state", "state of a check", *(f"{health}.{name}()[1][*][Status]" for name in ("state", "node", "checks"))),
        *bounded(4, "state", "state of a check", f"{health}.service()[1][*][Checks][*][Status]"),
        *unbounded(
            "free-text", "what a check printed", *(f"{health}.{name}()[1][*][Output]" for name in ("state", "node", "checks")), advice=LOG
        ),
        *unbounded("identity", "the id of one session", f"{CONSUL}.session.create()", advice=LOG),
        *unbounded(
            "database",
            "a value stored in etcd",
            f"{ETCD}.get()[0]",
            *(f"{ETCD}.{name}()[*][0]" for name in ("get_prefix", "get_all", "get_range")),
            *(f"{ETCD}.{name}()[0][*].value" for name in ("watch", "watch_prefix")),
            advice=LOG,
        ),
        *unbounded(
            "database",
            "a key stored in etcd",
            *(f"{ETCD}.{name}()[*][1].key" for name in ("get_prefix", "get_all", "get_range")),
            *(f"{ETCD}.{name}()[0][*].key" for name in ("watch", "watch_prefix")),
            advice=LOG,
        ),
        *unbounded("identity", "the id of one lease", f"{ETCD}.lease().id", advice=LOG),
        *unbounded(
            "identity",
            "the id of one lease",
            *(f"{VAULT}.secrets.{engine}.generate_credentials()[lease_id]" for engine in ("database", "aws", "azure", "consul")),
            advice=LOG,
        ),
        *deployment(
            "inventory",
            "an engine of secrets, or a method of authentication",
            *(
                f"{VAULT}.sys.{name}()[data]{part}"
                for name in ("list_mounted_secrets_engines", "list_auth_methods")
                for part in ("[*]", ".keys()[*]", ".items()[*][0]")
            ),
        ),
    )


LIBRARY = Library(
    packages=("openstack", "proxmoxer", "libvirt", "pyVmomi", "pyVim", "consul", "etcd3", "hvac"),
    rows=(*_clouds(), *_machines(), *_registries()),
    aliases=(
        ("openstack.connect()", STACK),
        ("openstack.connection.from_config()", STACK),
        ("proxmoxer.core.ProxmoxAPI", PROXMOX),
        *((f"pyVmomi.vim.{name}", ENTITY) for name in ENTITIES),
        ("consul.aio.Consul", CONSUL),
        ("consul.std.Consul", CONSUL),
        ("etcd3.client()", ETCD),
        ("etcd3.client.Etcd3Client", ETCD),
        ("hvac.v1.Client", VAULT),
    ),
)
"""openstacksdk 4.22, the `_proxy.py` of its services and `compute/v2/server.py`; Nova API guide, Server concepts: statuses; proxmoxer 2.3,
`core.py`; libvirt, `virDomainState`; pyVmomi 9.1, its type information; python-consul 1.1, `base.py`; etcd3 0.12, `client.py`; hvac 2.4,
`api/system_backend` and `api/secrets_engines`. A secret may be anything: no row has one."""
