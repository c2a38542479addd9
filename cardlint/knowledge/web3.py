"""Web3: blocks, transactions and events of a chain, of which there are more every second."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library

ETH = "web3.Web3.eth"
BLOCK, SENT, RECEIPT, ENTRY = "web3.types.BlockData", "web3.types.TxData", "web3.types.TxReceipt", "web3.types.LogReceipt"


def _both(base: str, *names: str) -> tuple[str, ...]:
    """Write each name as an attribute and as a key: what a node answers has both."""
    return (*(f"{base}.{name}" for name in names), *(f"{base}[{name}]" for name in names))


LIBRARY = Library(
    packages=("web3",),
    rows=(
        *leads(
            (f"{ETH}.get_block()", BLOCK),
            (f"{ETH}.get_transaction()", SENT),
            *((f"{ETH}.{call}()", RECEIPT) for call in ("get_transaction_receipt", "wait_for_transaction_receipt")),
            (f"{ETH}.get_logs()[*]", ENTRY),
            *((path, ENTRY) for path in (f"{RECEIPT}.logs[*]", f"{RECEIPT}[logs][*]")),
        ),
        *unbounded(
            "identity",
            "the hash of a transaction or a block",
            *below(ETH, ".send_transaction()", ".send_raw_transaction()"),
            *_both(BLOCK, "hash", "parentHash", "stateRoot"),
            *_both(SENT, "hash", "blockHash"),
            *_both(RECEIPT, "transactionHash", "blockHash"),
            *_both(ENTRY, "transactionHash", "blockHash"),
            advice=LOG,
        ),
        *unbounded(
            "identity",
            "an address of the chain",
            *_both(BLOCK, "miner"),
            *_both(SENT, "to"),
            *_both(RECEIPT, "to", "contractAddress"),
            f"{SENT}[from]",
            f"{RECEIPT}[from]",
            advice=LOG,
        ),
        *unbounded(
            "identity",
            "the number of a block",
            f"{ETH}.block_number",
            *_both(BLOCK, "number"),
            *(path for of in (SENT, RECEIPT, ENTRY) for path in _both(of, "blockNumber")),
            advice=LOG,
        ),
        *unbounded("time", "the time of a block", *_both(BLOCK, "timestamp"), advice=LOG),
        *unbounded(
            "measurement",
            "an amount",
            *below(ETH, ".gas_price", ".get_balance()"),
            *_both(SENT, "value", "gas", "gasPrice"),
            *_both(RECEIPT, "gasUsed"),
        ),
        *bounded(2, "status", "whether a transaction succeeded", *_both(RECEIPT, "status")),
        *deployment("config", "the chain that is used", f"{ETH}.chain_id"),
        *deployment("inventory", "an account of the node", f"{ETH}.accounts[*]"),
        *deployment("version", "the version of the node", "web3.Web3.client_version"),
    ),
    aliases=(("web3.AsyncWeb3", "web3.Web3"), ("web3.main.Web3", "web3.Web3")),
)
"""web3 8.0, `types.py` and `eth/eth.py`. The address of an entry is that of a contract, which a program may watch: no row has it."""
