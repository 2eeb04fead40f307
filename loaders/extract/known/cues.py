"""The phrases by which papers say how they stand to a name, as one table the matcher scans for.

A cue governs the names that follow it in its sentence, up to the next cue: in "outperforms A and B on C using D",
A and B are compared with, C is what it was done on, D is used.
"""

from __future__ import annotations

PHRASES: dict[str, str] = {
    # the paper brings something new
    "PROPOSE": """
        propose | proposes | introduce | introduces | present | presents | we develop | we design | we
        devise | we build | we create | we construct | we release | we open source | we contribute | we
        call | we name | we dub | we term | we denote | we also develop | we further develop | paper
        develops | work develops | paper presents | we curate | we collect | we establish | we formulate |
        we first develop | we then develop | we therefore develop | we thus develop | we carefully design |
        we further design | we also design | we first design | we then design | we specifically design |
        we also devise | we further devise | our proposal of | proposing |
        introducing | we compile | we train | we pretrain | we pre train | we offer | we provide | we
        synthesize | we then build | we further introduce | we craft | we derive | we publish | we unveil
        | we describe | paper describes | report describes | we define | we report | study presents |
        report presents | work presents | work proposes | paper proposes | leads to | results in |
        resulting in | we obtain | we annotate | we assemble | we engineer | we implement | we invent | we
        announce | we open sourced | announce | is proposed | is introduced | is presented | are proposed
        | are introduced | we launch | we have developed | we've developed | we designed | we created | we
        built | we developed | we proposed | we introduced | we trained | we constructed | presenting |
        releasing | we share | we instantiate | we also present | a novel | a new | creating |
        disseminating | curating | which we call | which we term | which we name | which we dub | we
        therefore propose | and term | and name | and dub | and call | then term | called the proposed
    """,
    # a name follows
    "CALLED": """
        called | named | dubbed | termed | coined | referred to as | refer to as | denoted as | denoted by
        | we call it | namely | titled | entitled | abbreviated as | nicknamed | known as | coined as |
        termed as | named as | christened | which we refer to as | we refer to this as | call it | calling
        | we call our | short for | aka | a k a
    """,
    # against something
    "COMPARE": """
        outperform | outperforms | outperforming | outperformed | surpass | surpasses | surpassing |
        surpassed | exceed | exceeds | exceeding | exceeded | beat | beats | beating | compared to |
        compared with | compare to | compare with | comparing to | comparing with | comparable to |
        comparable with | comparable performance to | comparison to | comparison with | in comparison to |
        compared against | compare against | than | versus | vs | vs. | relative to | superior to | on par
        with | competitive with | rival | rivals | rivaling | rivalling | unlike | instead of | rather
        than | in contrast to | alternative to | alternatives to | baselines | baseline | counterparts |
        competitors | against | matches | matching | approaching | comparable results to | improves over |
        improve over | improvement over | improvements over | improving over | gains over | gain over |
        advantage over | advantages over | speedup over | speedups over | speed up over | increase over |
        reduction over | improves upon | improve upon | improving upon | improved over | gap with | gap to
        | gap between | closing the gap | close to | comparable performance with | with respect to | win
        rate over | win rate against | prior methods | outpaces | outperformance over | similar to |
        competitive performance with | competitive performance to | superiority over | superiority of |
        parity with | comparisons with | comparisons against | comparison against | as opposed to | even
        surpassing | better than | worse than | faster than | over existing | overtaking | outclasses |
        outscoring | edges out | trails | trailing | lags behind | replace | replaces | replacing |
        supersede | outshine | outshines | eclipses | inferior to | compare between | head to head with |
        competes with | compete with | match | equals | equaling | equivalent to
    """,
    # on top of something
    "BUILD": """
        based on | based upon | base our model on | base our method on | base our approach on | built on |
        build on | builds on | building on | built upon | build upon | builds upon | building upon |
        on top of | extends | extending | extend | extension of | extensions of | extended | inspired by |
        derived from | fine tuned from | finetuned from | initialized from |
        initialized with | initialised from | initialize from | adapted from | variant of | variants of |
        version of | generalizes | generalization of | generalize | starting from | distilled from |
        enhances | modification of | modified | modify | modifies | implemented in | implemented on |
        implemented with | integrated into | integrate into | integrates into | augments | augment |
        reformulate | reformulates | redesign | adapts | adapt | evolves from | stems from | take
        inspiration from | draw inspiration from | drawing inspiration from | motivated by | leveraging
        the | adaptation of | extend the | hybrid of | following the success of | rethink | upgrade |
        upgrades | upgrading | stronger version of | improved version of | post trained from | continued
        pretraining of | continual pretraining of | upgraded version of | instantiated on | derivative of
    """,
    # with something, to something
    "USE": """
        combines | combine | combining | unify | compress | compressing | accelerate | accelerates |
        accelerating | using | use | uses | used | utilizing | utilize | utilizes | utilising | leveraging
        | leverage | leverages | employ | employs | employing | adopt | adopts | adopting | apply |
        applies | applying | applied to | apply to | with | via | through | by | for | across |
        incorporate | incorporates | incorporating | integrate | integrates | integrating | into | from |
        fine tune | fine tuning | finetune | finetuning | fine tuned | finetuned | prompting | train | we
        study | we analyze | we investigate | we explore | we examine | we compare | we evaluate | we test
        | powered by | trained with | optimized with | optimized by | when applied to | generated by |
        serves as | investigate | analyze
    """,
    # the clause ends, and with it what went before
    "END": """
        when | while | whereas | which | where | we show | we find | find that | show that | demonstrate
        that | we observe | but | because | that
    """,
    # leaves the cue before it in force
    "LIST": """
        such as | e.g. | like | including | includes | i.e. | both | both the | even the | the recent |
        state of the art | widely used | popular
    """,
    # measured on something
    "ON": """
        on | evaluated on | tested on | results on | performance on | experiments on | evaluation on |
        evaluations on | evaluate on | validated on | assessed on | benchmarks | benchmark | datasets |
        dataset | experiments with | experiments across | benchmarked on
    """,
    # trained on something
    "TRAIN": """
        trained on | train on | training on | pretrained on | pre trained on | pretraining on | pre
        training on | fine tuned on | finetuned on | fine tuning on | finetuning on | tuned on |
        constructed from | collected from | sourced from | built from | sampled from | curated from |
        drawn from | subset of | samples from | data from | corpus | corpora | training data | trained
        using | trained over
    """,
    # what others did
    "BACK": """
        existing | recent | recently | previous | previously | prior | traditional | traditionally |
        conventional | current | despite | although | prevalent | while existing | previous works | recent
        works | advances in | success of | the rise of | have shown | has shown | have demonstrated | has
        demonstrated | emergence of | limitations of | challenges | suffer | suffers | however | typically
        | often
    """,
    # the paper itself
    "OWN": """
        we | our | ours | us | this paper | this work | this study | this report | this survey | here | in
        this article | this article | this evaluation | this dissertation | this technical report | this
        letter | this note | the study | this manuscript | this paradigm | this research | the paper |
        this review | the proposed | this position paper | this tutorial | this thesis
    """,
}

CUES: dict[str, str] = {
    " ".join(phrase.split()): kind
    for kind, phrases in reversed(PHRASES.items())
    for phrase in phrases.split("|")
}
"""Every phrase in lower case with the kind of cue it is; earlier kinds win."""
