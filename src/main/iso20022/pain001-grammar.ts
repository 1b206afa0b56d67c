/**
 * Content models of pain.001.001.03, .09 and .11 as data: for each ISO 20022 component its elements in order with how
 * often they may occur, for each simple type its bounds. Names are those of the ISO 20022 repository.
 *
 * One line per type. `seq` elements come in this order, `choice` takes exactly one; `?` none or one, `*` any number,
 * `+` at least one, `{n}` none to n, nothing exactly one. `amount` is a decimal with a currency attribute, `any` is
 * content of other schemas. Simple types: `t n` text of 1 to n characters, `p` a pattern, `e` a list of codes,
 * `n total fraction [min]` a decimal.
 */
export const MESSAGE_ROOTS = {
  'pain.001.001.03': 'CustomerCreditTransferInitiationV03',
  'pain.001.001.09': 'CustomerCreditTransferInitiationV09',
  'pain.001.001.11': 'CustomerCreditTransferInitiationV11',
} as const;

export const COMPONENTS = `
CustomerCreditTransferInitiationV03 seq GrpHdr:GroupHeader32 PmtInf+:PaymentInstructionInformation3
GroupHeader32 seq MsgId:Max35Text CreDtTm:ISODateTime Authstn{2}:Authorisation1Choice NbOfTxs:Max15NumericText CtrlSum?:DecimalNumber InitgPty:PartyIdentification32 FwdgAgt?:BranchAndFinancialInstitutionIdentification4
Authorisation1Choice choice Cd:Authorisation1Code Prtry:Max128Text
PartyIdentification32 seq Nm?:Max140Text PstlAdr?:PostalAddress6 Id?:Party6Choice CtryOfRes?:CountryCode CtctDtls?:ContactDetails2
PostalAddress6 seq AdrTp?:AddressType2Code Dept?:Max70Text SubDept?:Max70Text StrtNm?:Max70Text BldgNb?:Max16Text PstCd?:Max16Text TwnNm?:Max35Text CtrySubDvsn?:Max35Text Ctry?:CountryCode AdrLine{7}:Max70Text
Party6Choice choice OrgId:OrganisationIdentification4 PrvtId:PersonIdentification5
OrganisationIdentification4 seq BICOrBEI?:AnyBICIdentifier Othr*:GenericOrganisationIdentification1
GenericOrganisationIdentification1 seq Id:Max35Text SchmeNm?:OrganisationIdentificationSchemeName1Choice Issr?:Max35Text
OrganisationIdentificationSchemeName1Choice choice Cd:ExternalOrganisationIdentification1Code Prtry:Max35Text
PersonIdentification5 seq DtAndPlcOfBirth?:DateAndPlaceOfBirth Othr*:GenericPersonIdentification1
DateAndPlaceOfBirth seq BirthDt:ISODate PrvcOfBirth?:Max35Text CityOfBirth:Max35Text CtryOfBirth:CountryCode
GenericPersonIdentification1 seq Id:Max35Text SchmeNm?:PersonIdentificationSchemeName1Choice Issr?:Max35Text
PersonIdentificationSchemeName1Choice choice Cd:ExternalPersonIdentification1Code Prtry:Max35Text
ContactDetails2 seq NmPrfx?:NamePrefix1Code Nm?:Max140Text PhneNb?:PhoneNumber MobNb?:PhoneNumber FaxNb?:PhoneNumber EmailAdr?:Max2048Text Othr?:Max35Text
BranchAndFinancialInstitutionIdentification4 seq FinInstnId:FinancialInstitutionIdentification7 BrnchId?:BranchData2
FinancialInstitutionIdentification7 seq BIC?:BICIdentifier ClrSysMmbId?:ClearingSystemMemberIdentification2 Nm?:Max140Text PstlAdr?:PostalAddress6 Othr?:GenericFinancialIdentification1
ClearingSystemMemberIdentification2 seq ClrSysId?:ClearingSystemIdentification2Choice MmbId:Max35Text
ClearingSystemIdentification2Choice choice Cd:ExternalClearingSystemIdentification1Code Prtry:Max35Text
GenericFinancialIdentification1 seq Id:Max35Text SchmeNm?:FinancialIdentificationSchemeName1Choice Issr?:Max35Text
FinancialIdentificationSchemeName1Choice choice Cd:ExternalFinancialInstitutionIdentification1Code Prtry:Max35Text
BranchData2 seq Id?:Max35Text Nm?:Max140Text PstlAdr?:PostalAddress6
PaymentInstructionInformation3 seq PmtInfId:Max35Text PmtMtd:PaymentMethod3Code BtchBookg?:BatchBookingIndicator NbOfTxs?:Max15NumericText CtrlSum?:DecimalNumber PmtTpInf?:PaymentTypeInformation19 ReqdExctnDt:ISODate PoolgAdjstmntDt?:ISODate Dbtr:PartyIdentification32 DbtrAcct:CashAccount16 DbtrAgt:BranchAndFinancialInstitutionIdentification4 DbtrAgtAcct?:CashAccount16 UltmtDbtr?:PartyIdentification32 ChrgBr?:ChargeBearerType1Code ChrgsAcct?:CashAccount16 ChrgsAcctAgt?:BranchAndFinancialInstitutionIdentification4 CdtTrfTxInf+:CreditTransferTransactionInformation10
PaymentTypeInformation19 seq InstrPrty?:Priority2Code SvcLvl?:ServiceLevel8Choice LclInstrm?:LocalInstrument2Choice CtgyPurp?:CategoryPurpose1Choice
ServiceLevel8Choice choice Cd:ExternalServiceLevel1Code Prtry:Max35Text
LocalInstrument2Choice choice Cd:ExternalLocalInstrument1Code Prtry:Max35Text
CategoryPurpose1Choice choice Cd:ExternalCategoryPurpose1Code Prtry:Max35Text
CashAccount16 seq Id:AccountIdentification4Choice Tp?:CashAccountType2 Ccy?:ActiveOrHistoricCurrencyCode Nm?:Max70Text
AccountIdentification4Choice choice IBAN:IBAN2007Identifier Othr:GenericAccountIdentification1
GenericAccountIdentification1 seq Id:Max34Text SchmeNm?:AccountSchemeName1Choice Issr?:Max35Text
AccountSchemeName1Choice choice Cd:ExternalAccountIdentification1Code Prtry:Max35Text
CashAccountType2 choice Cd:CashAccountType4Code Prtry:Max35Text
CreditTransferTransactionInformation10 seq PmtId:PaymentIdentification1 PmtTpInf?:PaymentTypeInformation19 Amt:AmountType3Choice XchgRateInf?:ExchangeRateInformation1 ChrgBr?:ChargeBearerType1Code ChqInstr?:Cheque6 UltmtDbtr?:PartyIdentification32 IntrmyAgt1?:BranchAndFinancialInstitutionIdentification4 IntrmyAgt1Acct?:CashAccount16 IntrmyAgt2?:BranchAndFinancialInstitutionIdentification4 IntrmyAgt2Acct?:CashAccount16 IntrmyAgt3?:BranchAndFinancialInstitutionIdentification4 IntrmyAgt3Acct?:CashAccount16 CdtrAgt?:BranchAndFinancialInstitutionIdentification4 CdtrAgtAcct?:CashAccount16 Cdtr?:PartyIdentification32 CdtrAcct?:CashAccount16 UltmtCdtr?:PartyIdentification32 InstrForCdtrAgt*:InstructionForCreditorAgent1 InstrForDbtrAgt?:Max140Text Purp?:Purpose2Choice RgltryRptg{10}:RegulatoryReporting3 Tax?:TaxInformation3 RltdRmtInf{10}:RemittanceLocation2 RmtInf?:RemittanceInformation5
PaymentIdentification1 seq InstrId?:Max35Text EndToEndId:Max35Text
AmountType3Choice choice InstdAmt:ActiveOrHistoricCurrencyAndAmount EqvtAmt:EquivalentAmount2
ActiveOrHistoricCurrencyAndAmount amount ActiveOrHistoricCurrencyAndAmount_SimpleType
EquivalentAmount2 seq Amt:ActiveOrHistoricCurrencyAndAmount CcyOfTrf:ActiveOrHistoricCurrencyCode
ExchangeRateInformation1 seq XchgRate?:BaseOneRate RateTp?:ExchangeRateType1Code CtrctId?:Max35Text
Cheque6 seq ChqTp?:ChequeType2Code ChqNb?:Max35Text ChqFr?:NameAndAddress10 DlvryMtd?:ChequeDeliveryMethod1Choice DlvrTo?:NameAndAddress10 InstrPrty?:Priority2Code ChqMtrtyDt?:ISODate FrmsCd?:Max35Text MemoFld{2}:Max35Text RgnlClrZone?:Max35Text PrtLctn?:Max35Text
NameAndAddress10 seq Nm:Max140Text Adr:PostalAddress6
ChequeDeliveryMethod1Choice choice Cd:ChequeDelivery1Code Prtry:Max35Text
InstructionForCreditorAgent1 seq Cd?:Instruction3Code InstrInf?:Max140Text
Purpose2Choice choice Cd:ExternalPurpose1Code Prtry:Max35Text
RegulatoryReporting3 seq DbtCdtRptgInd?:RegulatoryReportingType1Code Authrty?:RegulatoryAuthority2 Dtls*:StructuredRegulatoryReporting3
RegulatoryAuthority2 seq Nm?:Max140Text Ctry?:CountryCode
StructuredRegulatoryReporting3 seq Tp?:Max35Text Dt?:ISODate Ctry?:CountryCode Cd?:Max10Text Amt?:ActiveOrHistoricCurrencyAndAmount Inf*:Max35Text
TaxInformation3 seq Cdtr?:TaxParty1 Dbtr?:TaxParty2 AdmstnZn?:Max35Text RefNb?:Max140Text Mtd?:Max35Text TtlTaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlTaxAmt?:ActiveOrHistoricCurrencyAndAmount Dt?:ISODate SeqNb?:Number Rcrd*:TaxRecord1
TaxParty1 seq TaxId?:Max35Text RegnId?:Max35Text TaxTp?:Max35Text
TaxParty2 seq TaxId?:Max35Text RegnId?:Max35Text TaxTp?:Max35Text Authstn?:TaxAuthorisation1
TaxAuthorisation1 seq Titl?:Max35Text Nm?:Max140Text
TaxRecord1 seq Tp?:Max35Text Ctgy?:Max35Text CtgyDtls?:Max35Text DbtrSts?:Max35Text CertId?:Max35Text FrmsCd?:Max35Text Prd?:TaxPeriod1 TaxAmt?:TaxAmount1 AddtlInf?:Max140Text
TaxPeriod1 seq Yr?:ISODate Tp?:TaxRecordPeriod1Code FrToDt?:DatePeriodDetails
DatePeriodDetails seq FrDt:ISODate ToDt:ISODate
TaxAmount1 seq Rate?:PercentageRate TaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlAmt?:ActiveOrHistoricCurrencyAndAmount Dtls*:TaxRecordDetails1
TaxRecordDetails1 seq Prd?:TaxPeriod1 Amt:ActiveOrHistoricCurrencyAndAmount
RemittanceLocation2 seq RmtId?:Max35Text RmtLctnMtd?:RemittanceLocationMethod2Code RmtLctnElctrncAdr?:Max2048Text RmtLctnPstlAdr?:NameAndAddress10
RemittanceInformation5 seq Ustrd*:Max140Text Strd*:StructuredRemittanceInformation7
StructuredRemittanceInformation7 seq RfrdDocInf*:ReferredDocumentInformation3 RfrdDocAmt?:RemittanceAmount1 CdtrRefInf?:CreditorReferenceInformation2 Invcr?:PartyIdentification32 Invcee?:PartyIdentification32 AddtlRmtInf{3}:Max140Text
ReferredDocumentInformation3 seq Tp?:ReferredDocumentType2 Nb?:Max35Text RltdDt?:ISODate
ReferredDocumentType2 seq CdOrPrtry:ReferredDocumentType1Choice Issr?:Max35Text
ReferredDocumentType1Choice choice Cd:DocumentType5Code Prtry:Max35Text
RemittanceAmount1 seq DuePyblAmt?:ActiveOrHistoricCurrencyAndAmount DscntApldAmt?:ActiveOrHistoricCurrencyAndAmount CdtNoteAmt?:ActiveOrHistoricCurrencyAndAmount TaxAmt?:ActiveOrHistoricCurrencyAndAmount AdjstmntAmtAndRsn*:DocumentAdjustment1 RmtdAmt?:ActiveOrHistoricCurrencyAndAmount
DocumentAdjustment1 seq Amt:ActiveOrHistoricCurrencyAndAmount CdtDbtInd?:CreditDebitCode Rsn?:Max4Text AddtlInf?:Max140Text
CreditorReferenceInformation2 seq Tp?:CreditorReferenceType2 Ref?:Max35Text
CreditorReferenceType2 seq CdOrPrtry:CreditorReferenceType1Choice Issr?:Max35Text
CreditorReferenceType1Choice choice Cd:DocumentType3Code Prtry:Max35Text
CustomerCreditTransferInitiationV09 seq GrpHdr:GroupHeader85 PmtInf+:PaymentInstruction30 SplmtryData*:SupplementaryData1
GroupHeader85 seq MsgId:Max35Text CreDtTm:ISODateTime Authstn{2}:Authorisation1Choice NbOfTxs:Max15NumericText CtrlSum?:DecimalNumber InitgPty:PartyIdentification135 FwdgAgt?:BranchAndFinancialInstitutionIdentification6
PartyIdentification135 seq Nm?:Max140Text PstlAdr?:PostalAddress24 Id?:Party38Choice CtryOfRes?:CountryCode CtctDtls?:Contact4
PostalAddress24 seq AdrTp?:AddressType3Choice Dept?:Max70Text SubDept?:Max70Text StrtNm?:Max70Text BldgNb?:Max16Text BldgNm?:Max35Text Flr?:Max70Text PstBx?:Max16Text Room?:Max70Text PstCd?:Max16Text TwnNm?:Max35Text TwnLctnNm?:Max35Text DstrctNm?:Max35Text CtrySubDvsn?:Max35Text Ctry?:CountryCode AdrLine{7}:Max70Text
AddressType3Choice choice Cd:AddressType2Code Prtry:GenericIdentification30
GenericIdentification30 seq Id:Exact4AlphaNumericText Issr:Max35Text SchmeNm?:Max35Text
Party38Choice choice OrgId:OrganisationIdentification29 PrvtId:PersonIdentification13
OrganisationIdentification29 seq AnyBIC?:AnyBICDec2014Identifier LEI?:LEIIdentifier Othr*:GenericOrganisationIdentification1
PersonIdentification13 seq DtAndPlcOfBirth?:DateAndPlaceOfBirth1 Othr*:GenericPersonIdentification1
DateAndPlaceOfBirth1 seq BirthDt:ISODate PrvcOfBirth?:Max35Text CityOfBirth:Max35Text CtryOfBirth:CountryCode
Contact4 seq NmPrfx?:NamePrefix2Code Nm?:Max140Text PhneNb?:PhoneNumber MobNb?:PhoneNumber FaxNb?:PhoneNumber EmailAdr?:Max2048Text EmailPurp?:Max35Text JobTitl?:Max35Text Rspnsblty?:Max35Text Dept?:Max70Text Othr*:OtherContact1 PrefrdMtd?:PreferredContactMethod1Code
OtherContact1 seq ChanlTp:Max4Text Id?:Max128Text
BranchAndFinancialInstitutionIdentification6 seq FinInstnId:FinancialInstitutionIdentification18 BrnchId?:BranchData3
FinancialInstitutionIdentification18 seq BICFI?:BICFIDec2014Identifier ClrSysMmbId?:ClearingSystemMemberIdentification2 LEI?:LEIIdentifier Nm?:Max140Text PstlAdr?:PostalAddress24 Othr?:GenericFinancialIdentification1
BranchData3 seq Id?:Max35Text LEI?:LEIIdentifier Nm?:Max140Text PstlAdr?:PostalAddress24
PaymentInstruction30 seq PmtInfId:Max35Text PmtMtd:PaymentMethod3Code BtchBookg?:BatchBookingIndicator NbOfTxs?:Max15NumericText CtrlSum?:DecimalNumber PmtTpInf?:PaymentTypeInformation26 ReqdExctnDt:DateAndDateTime2Choice PoolgAdjstmntDt?:ISODate Dbtr:PartyIdentification135 DbtrAcct:CashAccount38 DbtrAgt:BranchAndFinancialInstitutionIdentification6 DbtrAgtAcct?:CashAccount38 InstrForDbtrAgt?:Max140Text UltmtDbtr?:PartyIdentification135 ChrgBr?:ChargeBearerType1Code ChrgsAcct?:CashAccount38 ChrgsAcctAgt?:BranchAndFinancialInstitutionIdentification6 CdtTrfTxInf+:CreditTransferTransaction34
PaymentTypeInformation26 seq InstrPrty?:Priority2Code SvcLvl*:ServiceLevel8Choice LclInstrm?:LocalInstrument2Choice CtgyPurp?:CategoryPurpose1Choice
DateAndDateTime2Choice choice Dt:ISODate DtTm:ISODateTime
CashAccount38 seq Id:AccountIdentification4Choice Tp?:CashAccountType2Choice Ccy?:ActiveOrHistoricCurrencyCode Nm?:Max70Text Prxy?:ProxyAccountIdentification1
CashAccountType2Choice choice Cd:ExternalCashAccountType1Code Prtry:Max35Text
ProxyAccountIdentification1 seq Tp?:ProxyAccountType1Choice Id:Max2048Text
ProxyAccountType1Choice choice Cd:ExternalProxyAccountType1Code Prtry:Max35Text
CreditTransferTransaction34 seq PmtId:PaymentIdentification6 PmtTpInf?:PaymentTypeInformation26 Amt:AmountType4Choice XchgRateInf?:ExchangeRate1 ChrgBr?:ChargeBearerType1Code ChqInstr?:Cheque11 UltmtDbtr?:PartyIdentification135 IntrmyAgt1?:BranchAndFinancialInstitutionIdentification6 IntrmyAgt1Acct?:CashAccount38 IntrmyAgt2?:BranchAndFinancialInstitutionIdentification6 IntrmyAgt2Acct?:CashAccount38 IntrmyAgt3?:BranchAndFinancialInstitutionIdentification6 IntrmyAgt3Acct?:CashAccount38 CdtrAgt?:BranchAndFinancialInstitutionIdentification6 CdtrAgtAcct?:CashAccount38 Cdtr?:PartyIdentification135 CdtrAcct?:CashAccount38 UltmtCdtr?:PartyIdentification135 InstrForCdtrAgt*:InstructionForCreditorAgent1 InstrForDbtrAgt?:Max140Text Purp?:Purpose2Choice RgltryRptg{10}:RegulatoryReporting3 Tax?:TaxInformation8 RltdRmtInf{10}:RemittanceLocation7 RmtInf?:RemittanceInformation16 SplmtryData*:SupplementaryData1
PaymentIdentification6 seq InstrId?:Max35Text EndToEndId:Max35Text UETR?:UUIDv4Identifier
AmountType4Choice choice InstdAmt:ActiveOrHistoricCurrencyAndAmount EqvtAmt:EquivalentAmount2
ExchangeRate1 seq UnitCcy?:ActiveOrHistoricCurrencyCode XchgRate?:BaseOneRate RateTp?:ExchangeRateType1Code CtrctId?:Max35Text
Cheque11 seq ChqTp?:ChequeType2Code ChqNb?:Max35Text ChqFr?:NameAndAddress16 DlvryMtd?:ChequeDeliveryMethod1Choice DlvrTo?:NameAndAddress16 InstrPrty?:Priority2Code ChqMtrtyDt?:ISODate FrmsCd?:Max35Text MemoFld{2}:Max35Text RgnlClrZone?:Max35Text PrtLctn?:Max35Text Sgntr{5}:Max70Text
NameAndAddress16 seq Nm:Max140Text Adr:PostalAddress24
TaxInformation8 seq Cdtr?:TaxParty1 Dbtr?:TaxParty2 AdmstnZone?:Max35Text RefNb?:Max140Text Mtd?:Max35Text TtlTaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlTaxAmt?:ActiveOrHistoricCurrencyAndAmount Dt?:ISODate SeqNb?:Number Rcrd*:TaxRecord2
TaxRecord2 seq Tp?:Max35Text Ctgy?:Max35Text CtgyDtls?:Max35Text DbtrSts?:Max35Text CertId?:Max35Text FrmsCd?:Max35Text Prd?:TaxPeriod2 TaxAmt?:TaxAmount2 AddtlInf?:Max140Text
TaxPeriod2 seq Yr?:ISODate Tp?:TaxRecordPeriod1Code FrToDt?:DatePeriod2
DatePeriod2 seq FrDt:ISODate ToDt:ISODate
TaxAmount2 seq Rate?:PercentageRate TaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlAmt?:ActiveOrHistoricCurrencyAndAmount Dtls*:TaxRecordDetails2
TaxRecordDetails2 seq Prd?:TaxPeriod2 Amt:ActiveOrHistoricCurrencyAndAmount
RemittanceLocation7 seq RmtId?:Max35Text RmtLctnDtls*:RemittanceLocationData1
RemittanceLocationData1 seq Mtd:RemittanceLocationMethod2Code ElctrncAdr?:Max2048Text PstlAdr?:NameAndAddress16
RemittanceInformation16 seq Ustrd*:Max140Text Strd*:StructuredRemittanceInformation16
StructuredRemittanceInformation16 seq RfrdDocInf*:ReferredDocumentInformation7 RfrdDocAmt?:RemittanceAmount2 CdtrRefInf?:CreditorReferenceInformation2 Invcr?:PartyIdentification135 Invcee?:PartyIdentification135 TaxRmt?:TaxInformation7 GrnshmtRmt?:Garnishment3 AddtlRmtInf{3}:Max140Text
ReferredDocumentInformation7 seq Tp?:ReferredDocumentType4 Nb?:Max35Text RltdDt?:ISODate LineDtls*:DocumentLineInformation1
ReferredDocumentType4 seq CdOrPrtry:ReferredDocumentType3Choice Issr?:Max35Text
ReferredDocumentType3Choice choice Cd:DocumentType6Code Prtry:Max35Text
DocumentLineInformation1 seq Id+:DocumentLineIdentification1 Desc?:Max2048Text Amt?:RemittanceAmount3
DocumentLineIdentification1 seq Tp?:DocumentLineType1 Nb?:Max35Text RltdDt?:ISODate
DocumentLineType1 seq CdOrPrtry:DocumentLineType1Choice Issr?:Max35Text
DocumentLineType1Choice choice Cd:ExternalDocumentLineType1Code Prtry:Max35Text
RemittanceAmount3 seq DuePyblAmt?:ActiveOrHistoricCurrencyAndAmount DscntApldAmt*:DiscountAmountAndType1 CdtNoteAmt?:ActiveOrHistoricCurrencyAndAmount TaxAmt*:TaxAmountAndType1 AdjstmntAmtAndRsn*:DocumentAdjustment1 RmtdAmt?:ActiveOrHistoricCurrencyAndAmount
DiscountAmountAndType1 seq Tp?:DiscountAmountType1Choice Amt:ActiveOrHistoricCurrencyAndAmount
DiscountAmountType1Choice choice Cd:ExternalDiscountAmountType1Code Prtry:Max35Text
TaxAmountAndType1 seq Tp?:TaxAmountType1Choice Amt:ActiveOrHistoricCurrencyAndAmount
TaxAmountType1Choice choice Cd:ExternalTaxAmountType1Code Prtry:Max35Text
RemittanceAmount2 seq DuePyblAmt?:ActiveOrHistoricCurrencyAndAmount DscntApldAmt*:DiscountAmountAndType1 CdtNoteAmt?:ActiveOrHistoricCurrencyAndAmount TaxAmt*:TaxAmountAndType1 AdjstmntAmtAndRsn*:DocumentAdjustment1 RmtdAmt?:ActiveOrHistoricCurrencyAndAmount
TaxInformation7 seq Cdtr?:TaxParty1 Dbtr?:TaxParty2 UltmtDbtr?:TaxParty2 AdmstnZone?:Max35Text RefNb?:Max140Text Mtd?:Max35Text TtlTaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlTaxAmt?:ActiveOrHistoricCurrencyAndAmount Dt?:ISODate SeqNb?:Number Rcrd*:TaxRecord2
Garnishment3 seq Tp:GarnishmentType1 Grnshee?:PartyIdentification135 GrnshmtAdmstr?:PartyIdentification135 RefNb?:Max140Text Dt?:ISODate RmtdAmt?:ActiveOrHistoricCurrencyAndAmount FmlyMdclInsrncInd?:TrueFalseIndicator MplyeeTermntnInd?:TrueFalseIndicator
GarnishmentType1 seq CdOrPrtry:GarnishmentType1Choice Issr?:Max35Text
GarnishmentType1Choice choice Cd:ExternalGarnishmentType1Code Prtry:Max35Text
SupplementaryData1 seq PlcAndNm?:Max350Text Envlp:SupplementaryDataEnvelope1
SupplementaryDataEnvelope1 any
CustomerCreditTransferInitiationV11 seq GrpHdr:GroupHeader95 PmtInf+:PaymentInstruction40 SplmtryData*:SupplementaryData1
GroupHeader95 seq MsgId:Max35Text CreDtTm:ISODateTime Authstn{2}:Authorisation1Choice NbOfTxs:Max15NumericText CtrlSum?:DecimalNumber InitgPty:PartyIdentification135 FwdgAgt?:BranchAndFinancialInstitutionIdentification6 InitnSrc?:PaymentInitiationSource1
PaymentInitiationSource1 seq Nm:Max140Text Prvdr?:Max35Text Vrsn?:Max35Text
PaymentInstruction40 seq PmtInfId:Max35Text PmtMtd:PaymentMethod3Code ReqdAdvcTp?:AdviceType1 BtchBookg?:BatchBookingIndicator NbOfTxs?:Max15NumericText CtrlSum?:DecimalNumber PmtTpInf?:PaymentTypeInformation26 ReqdExctnDt:DateAndDateTime2Choice PoolgAdjstmntDt?:ISODate Dbtr:PartyIdentification135 DbtrAcct:CashAccount40 DbtrAgt:BranchAndFinancialInstitutionIdentification6 DbtrAgtAcct?:CashAccount40 InstrForDbtrAgt?:Max140Text UltmtDbtr?:PartyIdentification135 ChrgBr?:ChargeBearerType1Code ChrgsAcct?:CashAccount40 ChrgsAcctAgt?:BranchAndFinancialInstitutionIdentification6 CdtTrfTxInf+:CreditTransferTransaction54
AdviceType1 seq CdtAdvc?:AdviceType1Choice DbtAdvc?:AdviceType1Choice
AdviceType1Choice choice Cd:AdviceType1Code Prtry:Max35Text
CashAccount40 seq Id?:AccountIdentification4Choice Tp?:CashAccountType2Choice Ccy?:ActiveOrHistoricCurrencyCode Nm?:Max70Text Prxy?:ProxyAccountIdentification1
CreditTransferTransaction54 seq PmtId:PaymentIdentification6 PmtTpInf?:PaymentTypeInformation26 Amt:AmountType4Choice XchgRateInf?:ExchangeRate1 ChrgBr?:ChargeBearerType1Code MndtRltdInf?:CreditTransferMandateData1 ChqInstr?:Cheque11 UltmtDbtr?:PartyIdentification135 IntrmyAgt1?:BranchAndFinancialInstitutionIdentification6 IntrmyAgt1Acct?:CashAccount40 IntrmyAgt2?:BranchAndFinancialInstitutionIdentification6 IntrmyAgt2Acct?:CashAccount40 IntrmyAgt3?:BranchAndFinancialInstitutionIdentification6 IntrmyAgt3Acct?:CashAccount40 CdtrAgt?:BranchAndFinancialInstitutionIdentification6 CdtrAgtAcct?:CashAccount40 Cdtr?:PartyIdentification135 CdtrAcct?:CashAccount40 UltmtCdtr?:PartyIdentification135 InstrForCdtrAgt*:InstructionForCreditorAgent3 InstrForDbtrAgt?:InstructionForDebtorAgent1 Purp?:Purpose2Choice RgltryRptg{10}:RegulatoryReporting3 Tax?:TaxInformation10 RltdRmtInf{10}:RemittanceLocation7 RmtInf?:RemittanceInformation21 SplmtryData*:SupplementaryData1
CreditTransferMandateData1 seq MndtId?:Max35Text Tp?:MandateTypeInformation2 DtOfSgntr?:ISODate DtOfVrfctn?:ISODateTime ElctrncSgntr?:Max10KBinary FrstPmtDt?:ISODate FnlPmtDt?:ISODate Frqcy?:Frequency36Choice Rsn?:MandateSetupReason1Choice
MandateTypeInformation2 seq SvcLvl?:ServiceLevel8Choice LclInstrm?:LocalInstrument2Choice CtgyPurp?:CategoryPurpose1Choice Clssfctn?:MandateClassification1Choice
MandateClassification1Choice choice Cd:MandateClassification1Code Prtry:Max35Text
Frequency36Choice choice Tp:Frequency6Code Prd:FrequencyPeriod1 PtInTm:FrequencyAndMoment1
FrequencyPeriod1 seq Tp:Frequency6Code CntPerPrd:DecimalNumber
FrequencyAndMoment1 seq Tp:Frequency6Code PtInTm:Exact2NumericText
MandateSetupReason1Choice choice Cd:ExternalMandateSetupReason1Code Prtry:Max70Text
InstructionForCreditorAgent3 seq Cd?:ExternalCreditorAgentInstruction1Code InstrInf?:Max140Text
InstructionForDebtorAgent1 seq Cd?:ExternalDebtorAgentInstruction1Code InstrInf?:Max140Text
TaxInformation10 seq Cdtr?:TaxParty1 Dbtr?:TaxParty2 AdmstnZone?:Max35Text RefNb?:Max140Text Mtd?:Max35Text TtlTaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlTaxAmt?:ActiveOrHistoricCurrencyAndAmount Dt?:ISODate SeqNb?:Number Rcrd*:TaxRecord3
TaxRecord3 seq Tp?:Max35Text Ctgy?:Max35Text CtgyDtls?:Max35Text DbtrSts?:Max35Text CertId?:Max35Text FrmsCd?:Max35Text Prd?:TaxPeriod3 TaxAmt?:TaxAmount3 AddtlInf?:Max140Text
TaxPeriod3 seq Yr?:ISOYear Tp?:TaxRecordPeriod1Code FrToDt?:DatePeriod2
TaxAmount3 seq Rate?:PercentageRate TaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlAmt?:ActiveOrHistoricCurrencyAndAmount Dtls*:TaxRecordDetails3
TaxRecordDetails3 seq Prd?:TaxPeriod3 Amt:ActiveOrHistoricCurrencyAndAmount
RemittanceInformation21 seq Ustrd*:Max140Text Strd*:StructuredRemittanceInformation17
StructuredRemittanceInformation17 seq RfrdDocInf*:ReferredDocumentInformation7 RfrdDocAmt?:RemittanceAmount2 CdtrRefInf?:CreditorReferenceInformation2 Invcr?:PartyIdentification135 Invcee?:PartyIdentification135 TaxRmt?:TaxData1 GrnshmtRmt?:Garnishment3 AddtlRmtInf{3}:Max140Text
TaxData1 seq Cdtr?:TaxParty1 Dbtr?:TaxParty2 UltmtDbtr?:TaxParty2 AdmstnZone?:Max35Text RefNb?:Max140Text Mtd?:Max35Text TtlTaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlTaxAmt?:ActiveOrHistoricCurrencyAndAmount Dt?:ISODate SeqNb?:Number Rcrd*:TaxRecord3
`;

export const SIMPLE_TYPES = String.raw`
Max35Text t 35
ISODateTime dateTime
Authorisation1Code e AUTH|FDET|FSUM|ILEV
Max128Text t 128
Max15NumericText p [0-9]{1,15}
DecimalNumber n 18 17
Max140Text t 140
AddressType2Code e ADDR|PBOX|HOME|BIZZ|MLTO|DLVY
Max70Text t 70
Max16Text t 16
CountryCode p [A-Z]{2,2}
AnyBICIdentifier p [A-Z]{6,6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3,3}){0,1}
ExternalOrganisationIdentification1Code t 4
ISODate date
ExternalPersonIdentification1Code t 4
NamePrefix1Code e DOCT|MIST|MISS|MADM
PhoneNumber p \+[0-9]{1,3}-[0-9()+\-]{1,30}
Max2048Text t 2048
BICIdentifier p [A-Z]{6,6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3,3}){0,1}
ExternalClearingSystemIdentification1Code t 5
ExternalFinancialInstitutionIdentification1Code t 4
PaymentMethod3Code e CHK|TRF|TRA
BatchBookingIndicator boolean
Priority2Code e HIGH|NORM
ExternalServiceLevel1Code t 4
ExternalLocalInstrument1Code t 35
ExternalCategoryPurpose1Code t 4
IBAN2007Identifier p [A-Z]{2,2}[0-9]{2,2}[a-zA-Z0-9]{1,30}
Max34Text t 34
ExternalAccountIdentification1Code t 4
CashAccountType4Code e CASH|CHAR|COMM|TAXE|CISH|TRAS|SACC|CACC|SVGS|ONDP|MGLD|NREX|MOMA|LOAN|SLRY|ODFT
ActiveOrHistoricCurrencyCode p [A-Z]{3,3}
ChargeBearerType1Code e DEBT|CRED|SHAR|SLEV
ActiveOrHistoricCurrencyAndAmount_SimpleType n 18 5 0
BaseOneRate n 11 10
ExchangeRateType1Code e SPOT|SALE|AGRD
ChequeType2Code e CCHQ|CCCH|BCHQ|DRFT|ELDR
ChequeDelivery1Code e MLDB|MLCD|MLFA|CRDB|CRCD|CRFA|PUDB|PUCD|PUFA|RGDB|RGCD|RGFA
Instruction3Code e CHQB|HOLD|PHOB|TELB
ExternalPurpose1Code t 4
RegulatoryReportingType1Code e CRED|DEBT|BOTH
Max10Text t 10
Number n 18 0
TaxRecordPeriod1Code e MM01|MM02|MM03|MM04|MM05|MM06|MM07|MM08|MM09|MM10|MM11|MM12|QTR1|QTR2|QTR3|QTR4|HLF1|HLF2
PercentageRate n 11 10
RemittanceLocationMethod2Code e FAXI|EDIC|URID|EMAL|POST|SMSM
DocumentType5Code e MSIN|CNFA|DNFA|CINV|CREN|DEBN|HIRI|SBIN|CMCN|SOAC|DISP|BOLD|VCHR|AROI|TSUT
CreditDebitCode e CRDT|DBIT
Max4Text t 4
DocumentType3Code e RADM|RPIN|FXDR|DISP|PUOR|SCOR
Exact4AlphaNumericText p [a-zA-Z0-9]{4}
AnyBICDec2014Identifier p [A-Z0-9]{4,4}[A-Z]{2,2}[A-Z0-9]{2,2}([A-Z0-9]{3,3}){0,1}
LEIIdentifier p [A-Z0-9]{18,18}[0-9]{2,2}
NamePrefix2Code e DOCT|MADM|MISS|MIST|MIKS
PreferredContactMethod1Code e LETT|MAIL|PHON|FAXX|CELL
BICFIDec2014Identifier p [A-Z0-9]{4,4}[A-Z]{2,2}[A-Z0-9]{2,2}([A-Z0-9]{3,3}){0,1}
ExternalCashAccountType1Code t 4
ExternalProxyAccountType1Code t 4
UUIDv4Identifier p [a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}
DocumentType6Code e MSIN|CNFA|DNFA|CINV|CREN|DEBN|HIRI|SBIN|CMCN|SOAC|DISP|BOLD|VCHR|AROI|TSUT|PUOR
ExternalDocumentLineType1Code t 4
ExternalDiscountAmountType1Code t 4
ExternalTaxAmountType1Code t 4
ExternalGarnishmentType1Code t 4
TrueFalseIndicator boolean
Max350Text t 350
AdviceType1Code e ADWD|ADND
MandateClassification1Code e FIXE|USGB|VARI
Max10KBinary base64
Frequency6Code e YEAR|MNTH|QURT|MIAN|WEEK|DAIL|ADHO|INDA|FRTN
Exact2NumericText p [0-9]{2}
ExternalMandateSetupReason1Code t 4
ExternalCreditorAgentInstruction1Code t 4
ExternalDebtorAgentInstruction1Code t 4
ISOYear year
`;
